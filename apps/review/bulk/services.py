"""One decision on many requests: a dry run, the run in the background, and taking it all back.

The rows are the queue. A row is worked off in one transaction: it is locked, the decision is made
through the services that a single decision goes through, claim included, and what became of it is
written down, all or nothing. So a worker may be killed at any moment, several may work at once, and
no row is decided twice or forgotten.
"""

import logging
from collections.abc import Callable
from datetime import date

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Exists, Max, OuterRef

from apps.cards.enums import RequestAction
from apps.cards.permissions import check_is_reviewer
from apps.common.refusals import Refused
from apps.common.rules import rule_text
from apps.desk import event_kinds
from apps.desk.claims import services as assignments
from apps.desk.event_kinds import RunAction
from apps.events import services as events
from apps.events.enums import Channel, Role
from apps.review import services as review
from apps.review.bulk import checks
from apps.review.models import BulkRow, BulkRun
from apps.review.models.bulk import BulkAction, Outcome

logger = logging.getLogger(__name__)

LIMIT = 1000  # requests of one run

VERBS: dict[BulkAction, Callable[..., object]] = {
    BulkAction.APPROVE: review.approve,
    BulkAction.REQUEST_AMENDMENT: review.request_amendment,
    BulkAction.REJECT: review.reject,
}
_BROKEN = "系统没能办理这一件，请单独打开办理。"


@transaction.atomic
def prepare(*, requests, action, what, chosen, by, at):
    """A dry run: which of `requests` (with `checks.RELATED`) would be decided, and why others not.

    Nothing happens to them. `what` are the arguments of the decision `action`, `chosen` the filter
    in words. Raises `MayNotReview`, and `Refused` for no requests or too many.
    """
    check_is_reviewer(by)
    if not requests:
        raise Refused("没有选中任何申请。", code="nothing_chosen")
    if len(requests) > LIMIT:
        raise Refused(f"一次最多办理 {LIMIT} 件，请缩小范围。", code="too_many")
    run = BulkRun.objects.create(
        action=action, decision=what, chosen=chosen[:300], by=by, prepared_at=at
    )
    reasons = checks.why_not(requests, action=RequestAction(action), what=what, by=by, at=at)
    BulkRow.objects.bulk_create(
        [
            BulkRow(
                run=run,
                request=request,
                seen_since=request.status_since,
                outcome=Outcome.LEFT_OUT if request.pk in reasons else Outcome.WAITING,
                reason=reasons.get(request.pk, "")[:300],
            )
            for request in requests
        ]
    )
    return run


@transaction.atomic
def start(*, run, by, at):
    """Let the background work off the rows that the dry run left. Raises `Refused`."""
    check_is_reviewer(by)
    if run.by_id != by.pk:
        raise Refused("只有预检的人可以开始这一批。您可以自己预检一批。", code="not_yours")
    if at - run.prepared_at >= settings.BULK_PREVIEW_LIFETIME:
        raise Refused(
            f"预检已过{rule_text('BULK_PREVIEW_LIFETIME')}，情况可能有变，请重新预检。",
            code="expired",
        )
    counts = run.rows.counts()
    if not counts.get(Outcome.WAITING):
        raise Refused("这一批没有可以办理的申请。", code="nothing_to_do")
    if not BulkRun.objects.filter(pk=run.pk, started_at=None).update(started_at=at):
        raise Refused("这一批已经开始办理。", code="started")
    _note(
        RunAction.START,
        run,
        {
            "action": run.action,
            "rows": counts[Outcome.WAITING],
            "left_out": counts.get(Outcome.LEFT_OUT, 0),
        },
        by=by,
        at=at,
    )


@transaction.atomic
def discard(*, run, by, at):
    """Throw a dry run away. Raises `Refused` once it was started."""
    check_is_reviewer(by)
    row = BulkRun.objects.select_for_update().filter(pk=run.pk, started_at=None).first()
    if row is None:
        raise Refused("这一批已经开始办理，不能放弃，可以停止。", code="started")
    row.delete()


@transaction.atomic
def stop(*, run, by, at):
    """Leave alone what is not decided yet. Raises `Refused` when the run has ended."""
    check_is_reviewer(by)
    stopped = BulkRun.objects.filter(
        pk=run.pk, started_at__isnull=False, finished_at=None, recalled_at=None
    ).update(stopped_at=at, stopped_by=by, finished_at=at)
    if not stopped:
        raise Refused("这一批已经办完，没有可以停止的了。", code="finished")
    # Waits for the row that is being decided at this moment, which then counts as decided.
    left = run.rows.filter(outcome=Outcome.WAITING).update(outcome=Outcome.NOT_RUN)
    _note(RunAction.STOP, run, {"not_run": left}, by=by, at=at)


def recallable_until(*, run):
    """The moment up to which something of `run` can be taken back, or None."""
    if run.action != BulkAction.APPROVE or run.recalled_at or not run.finished_at:
        return None
    last = run.rows.filter(outcome=Outcome.DONE).aggregate(last=Max("decided_at"))["last"]
    return last + settings.APPROVAL_UNDO_WINDOW if last else None


@transaction.atomic
def recall(*, run, by, at):
    """Have every approval of `run` taken back that still can be. Raises `Refused`."""
    check_is_reviewer(by)
    until = recallable_until(run=run)
    if until is None or at >= until:
        raise Refused("这一批里没有还能撤回的审核通过。", code="too_late")
    opened = BulkRun.objects.filter(pk=run.pk, finished_at__isnull=False, recalled_at=None).update(
        recalled_at=at, recalled_by=by, finished_at=None
    )
    if not opened:
        raise Refused("这一批已经在撤回。", code="recalling")
    rows = run.rows.filter(outcome=Outcome.DONE).count()
    _note(RunAction.START, run, {"action": RequestAction.RECALL, "rows": rows}, by=by, at=at)


def _note(action, run, facts, *, by, at):
    events.record(
        kind=event_kinds.RUN,
        action=action,
        by=by,
        role=Role.REVIEWER,
        at=at,
        channel=Channel.ADMIN,
        subject_id=run.pk,
        reference=run.reference,
        facts=facts,
    )


def work_off(*, at, limit):
    """Decide, or take back, up to `limit` rows of the runs under way, the oldest first.

    Returns how many rows were tried; 0 says that there is nothing left to do.
    """
    tried = 0
    for run in BulkRun.objects.under_way().select_related("by", "recalled_by"):
        recalls = run.recalled_at is not None
        pending = Outcome.DONE if recalls else Outcome.WAITING
        rows = run.rows.filter(outcome=pending).order_by("pk").values_list("pk", flat=True)
        for pk in list(rows[: limit - tried]):
            tried += 1
            _try(pk, run, pending, at=at)
        waiting = BulkRow.objects.filter(run=OuterRef("pk"), outcome=pending)
        BulkRun.objects.filter(
            ~Exists(waiting), pk=run.pk, finished_at=None, recalled_at=run.recalled_at
        ).update(finished_at=at)
        if tried >= limit:
            break
    return tried


def _try(pk, run, pending, *, at):
    """Work one row off, unless another worker has it or had it."""
    act, done, failed = (
        (_decide, Outcome.DONE, Outcome.FAILED)
        if pending == Outcome.WAITING
        else (_recall, Outcome.RECALLED, Outcome.KEPT)
    )
    try:
        with transaction.atomic():
            row = (
                BulkRow.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("request")
                .filter(pk=pk, outcome=pending)
                .first()
            )
            if row is None:
                return
            row.outcome, row.reason = done, ""
            try:
                with transaction.atomic():
                    act(run, row, at=at)
            except Refused as refusal:
                row.outcome, row.reason = failed, refusal.message[:300]
            except Exception:
                # One row that cannot be decided never stops the others.
                logger.exception("%s not decided", row)
                row.outcome, row.reason = failed, _BROKEN
            if row.outcome == Outcome.DONE:
                row.decided_at = at
            row.save(update_fields=["outcome", "reason", "decided_at"])
    except DatabaseError as error:
        # The row waits as before; the next round tries it again.
        logger.warning("bulk row #%s not worked off: %s", pk, type(error).__name__)


def _decide(run, row, *, at):
    what, by = _arguments(run), run.by
    request = review.as_seen(request=row.request, seen_since=row.seen_since)
    reasons = checks.why_not([request], action=RequestAction(run.action), what=what, by=by, at=at)
    if request.pk in reasons:
        raise Refused(reasons[request.pk], code="not_in_bulk")
    assignments.claim(case=request, by=by, at=at)
    VERBS[BulkAction(run.action)](
        request=request,
        seen_since=row.seen_since,
        by=by,
        at=at,
        **what,
    )


def _recall(run, row, *, at):
    review.recall(
        request=row.request,
        seen_since=row.decided_at,
        by=run.recalled_by,
        at=at,
    )


def _arguments(run):
    """What the service of the decision wants, as it was before JSON."""
    what = dict(run.decision)
    if "due_date" in what:
        what["due_date"] = date.fromisoformat(what["due_date"])
    return what


def forget_dry_runs(*, at, limit):
    """Delete up to `limit` dry runs that nobody started. Returns how many."""
    old = (
        BulkRun.objects.abandoned(at - settings.BULK_PREVIEW_RETENTION)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    pks = list(old[:limit])
    BulkRun.objects.filter(pk__in=pks, started_at=None).delete()
    return len(pks)
