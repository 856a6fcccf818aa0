"""One decision on many requests: the dry run, starting, stopping and recalling it.

`working` makes the decisions, in the background.
"""

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from apps.bulk import checks
from apps.bulk.enums import BulkAction, BulkOutcome, RunAction, RunStatus
from apps.bulk.lifecycle import BULK_RUN
from apps.bulk.models import BulkRow, BulkRun, ContactSheet
from apps.bulk.policies import check_fresh, check_has_rows, check_own, check_recallable
from apps.cards.enums import RequestAction
from apps.cards.permissions import check_is_reviewer
from apps.common.refusals import Refused
from apps.events.enums import Channel, Role
from apps.lifecycle import engine
from apps.lifecycle.refusals import NotAllowed

LIMIT = 1000  # requests of one run


@transaction.atomic
def prepare(*, requests, action, what, chosen, by, at):
    """Make a dry run: which of `requests` (with `checks.RELATED`) would be decided, and why not.

    The requests do not change. `what` are the arguments of the decision `action`, `chosen` the
    filter in words. Raises `MayNotReview`, and `Refused` for no requests or too many.
    """
    check_is_reviewer(by)
    if not requests:
        raise Refused("没有选中任何申请。", code="nothing_chosen")
    if len(requests) > LIMIT:
        raise Refused(f"一次最多办理 {LIMIT} 件，请缩小范围。", code="too_many")
    run = BulkRun(action=action, decision=what, chosen=chosen[:300], by=by, prepared_at=at)
    engine.begin(run, RunAction.PREPARE, **_done(by, at), facts={"action": action})
    reasons = checks.why_not(requests, action=RequestAction(action), what=what, by=by, at=at)
    BulkRow.objects.bulk_create(
        [
            BulkRow(
                run=run,
                card_request=card_request,
                seen_since=card_request.status_since,
                outcome=BulkOutcome.LEFT_OUT if card_request.pk in reasons else BulkOutcome.WAITING,
                reason=reasons.get(card_request.pk, "")[:300],
            )
            for card_request in requests
        ]
    )
    return run


@transaction.atomic
def start(*, run, by, at):
    """Start the run: the worker decides the rows that the dry run left. Raises `Refused`."""
    check_is_reviewer(by)
    check_own(run, by=by)
    check_fresh(run, at=at)
    counts = run.rows.counts()
    check_has_rows(counts)
    facts = {
        "action": run.action,
        "rows": counts[BulkOutcome.WAITING],
        "left_out": counts.get(BulkOutcome.LEFT_OUT, 0),
    }
    _move(run, RunAction.START, facts, by=by, at=at, refusal="这一批已经开始办理。")


@transaction.atomic
def approve_at_once(*, requests, by, at):
    """Approve `requests` (with `checks.RELATED`), which `by` marked on a contact sheet.

    The run starts without a dry run to look at: the sheet was that. Rows that cannot go are left
    out with their reason. Raises as `prepare` and `start`.
    """
    run = prepare(
        requests=requests, action=BulkAction.APPROVE, what={}, chosen="看照片", by=by, at=at
    )
    start(run=run, by=by, at=at)
    return run


@transaction.atomic
def discard(*, run, by, at):
    """Delete a dry run of `by`. Raises `Refused` once it was started."""
    check_is_reviewer(by)
    row = BulkRun.objects.select_for_update().filter(pk=run.pk).first()
    if row is None or not row.is_prepared:
        raise Refused("这一批已经开始办理，不能放弃，可以停止。", code="started", row=run)
    check_own(row, by=by)
    row.delete()


@transaction.atomic
def stop(*, run, by, at):
    """Stop the run: rows that are not decided yet stay so. Raises `Refused` when it has ended."""
    check_is_reviewer(by)
    row = BulkRun.held(run.pk)
    if not engine.is_allowed(row, RunAction.STOP, role=Role.REVIEWER, at=at):
        raise Refused("这一批已经办完，没有可以停止的了。", code="finished", row=run)
    # Waits for the rows that are being decided at this moment; they count as decided.
    left = run.rows.filter(outcome=BulkOutcome.WAITING).update(outcome=BulkOutcome.NOT_RUN)
    engine.move(row, RunAction.STOP, **_done(by, at), facts={"not_run": left})


def recallable_until(*, run):
    """The moment up to which a decision of `run` can be recalled, or None."""
    if run.status not in BULK_RUN.moves[RunAction.RECALL].sources:
        return None
    last = run.rows.filter(outcome=BulkOutcome.DONE).aggregate(last=Max("decided_at"))["last"]
    return last + settings.DECISION_UNDO_WINDOW if last else None


@transaction.atomic
def recall(*, run, by, at):
    """Recall every decision of `run` that can still be recalled. Raises `Refused`."""
    check_is_reviewer(by)
    check_recallable(recallable_until(run=run), at=at)
    rows = run.rows.filter(outcome=BulkOutcome.DONE).count()
    facts = {"action": RequestAction.RECALL, "rows": rows}
    _move(run, RunAction.RECALL, facts, by=by, at=at, refusal="这一批已经在撤回。")


def _move(run, action, facts, *, by, at, refusal):
    """Move `run` as it stands in the database. Raises `Refused` with the words `refusal`."""
    try:
        engine.move(BulkRun.objects.get(pk=run.pk), action, **_done(by, at), facts=facts)
    except NotAllowed as error:
        raise Refused(refusal, code=error.code, row=error.row) from error


def _done(by, at):
    return {"by": by, "role": Role.REVIEWER, "at": at, "channel": Channel.ADMIN}


def forget_dry_runs(*, at, limit):
    """Delete up to `limit` dry runs that nobody started. Returns how many."""
    old = (
        BulkRun.objects.abandoned(at - settings.BULK_PREVIEW_RETENTION)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    pks = list(old[:limit])
    BulkRun.objects.filter(pk__in=pks, status=RunStatus.PREPARED).delete()
    return len(pks)


def forget_sheets(*, at, limit):
    """Delete up to `limit` old contact sheets. The looks stay in the book. Returns how many."""
    old = ContactSheet.objects.filter(made_at__lt=at - settings.BULK_PREVIEW_RETENTION)
    pks = list(old.order_by("pk").values_list("pk", flat=True)[:limit])
    ContactSheet.objects.filter(pk__in=pks).delete()
    return len(pks)
