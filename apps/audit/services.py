"""Records that somebody traced whose data an account saw."""

from apps.audit.event_kinds import TRACE
from apps.common.refusals import check_reason
from apps.events import services as events
from apps.events.enums import Channel, Role


def record_trace(*, action, account, since, until, persons, reason, by, at):
    """Write down the trace of `account` before its result is shown. `by` is None for the command.

    `persons` is how many were found. Raises `Refused` without a reason.
    """
    check_reason(reason, "请写明追查的原因，会和您的工号一起记录。")
    events.record(
        kind=TRACE,
        action=action,
        by=by,
        role=Role.STAFF if by else Role.WORKER,
        at=at,
        channel=Channel.ADMIN if by else Channel.COMMAND,
        subject_id=account.pk,
        reference=account.employee_number,
        reason=reason.strip(),
        facts={"since": since.isoformat(), "until": until.isoformat(), "rows": persons},
    )
