"""Records changes of accounts in the book of events."""

from apps.desk import event_kinds
from apps.desk.event_kinds import DeskAccountAction
from apps.events import services as events
from apps.events.enums import Channel, Role


def record_change(*, account, changed, by, at):
    """Record that `by` added or changed `account`. `changed` is the admin's message."""
    person = getattr(account, "holder", None)
    events.record(
        kind=event_kinds.ACCOUNT,
        action=DeskAccountAction.CHANGE,
        by=by,
        role=Role.STAFF,
        at=at,
        channel=Channel.ADMIN,
        subject_id=account.pk,
        reference=account.employee_number,
        holder_id=person and person.pk,
        facts={
            "changed": changed,
            "is_active": account.is_active,
            "is_staff": account.is_staff,
            "groups": sorted(account.groups.values_list("name", flat=True)),
        },
    )
