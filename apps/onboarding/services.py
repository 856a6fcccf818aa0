"""Reminding all who stand at one step: the dry run, its start, and what is deleted later."""

from django.db import transaction

from apps.cards.permissions import check_is_reviewer
from apps.common.refusals import Refused
from apps.events.enums import Channel, Role
from apps.invitations.funnel import FunnelStep, with_step
from apps.lifecycle import engine
from apps.lifecycle.refusals import NotAllowed
from apps.onboarding.enums import REMINDED_OF, ReminderOutcome, ReminderRunAction, ReminderRunStatus
from apps.onboarding.models import ReminderRow, ReminderRun
from apps.onboarding.policies import actions_of, check_fresh, check_has_rows, check_own, why_not

LIMIT = 20_000  # people of one run


@transaction.atomic
def prepare(*, people, step, chosen, query, by, at):
    """Make a dry run: who of `people`, a queryset, stands at `step`, is told, or is left out.

    Nobody is told. `chosen` is the choice of people in words, `query` the address that leads back
    to it. Raises `MayNotReview`, and `Refused` for a step at which nobody has to act, for nobody,
    and for too many.
    """
    check_is_reviewer(by)
    if step not in REMINDED_OF:
        raise Refused(
            f"停在「{FunnelStep(step).label}」的人不用本人办什么，不用提醒。", code="step"
        )
    found = with_step(people).filter(step=step).select_related("user").order_by("pk")
    holders = list(found[: LIMIT + 1])
    if not holders:
        raise Refused("现在没有人停在这一步。", code="nobody")
    if len(holders) > LIMIT:
        raise Refused(f"一次最多提醒 {LIMIT} 人，请缩小范围。", code="too_many")
    run = ReminderRun(chosen=chosen[:120], query=query[:200], step=step, by=by, prepared_at=at)
    engine.begin(run, ReminderRunAction.PREPARE, **_done(by, at), facts={"rows": len(holders)})
    reasons = why_not(holders, actions=actions_of(holders, step=step), at=at)
    ReminderRow.objects.bulk_create(
        [
            ReminderRow(
                run=run,
                holder=holder,
                outcome=ReminderOutcome.LEFT_OUT
                if holder.pk in reasons
                else ReminderOutcome.WAITING,
                reason=reasons.get(holder.pk, ""),
            )
            for holder in holders
        ],
        batch_size=1000,
    )
    return run


@transaction.atomic
def start(*, run, seen, by, at):
    """Start the run: the worker reminds those whom the dry run left.

    `seen` is how many were to be told on the page that was confirmed. Raises `Refused`: not one's
    own, too old, nobody left, another number than shown, started before.
    """
    check_is_reviewer(by)
    check_own(run, by=by)
    row = ReminderRun.held(run.pk)
    waiting = row.rows.waiting().count()
    if row.is_prepared:
        check_fresh(row, at=at)
        check_has_rows(waiting)
        if seen != waiting:
            raise Refused("人数和您看到的不一样，请再看一遍预检。", code="not_as_shown")
    facts = {"rows": waiting, "left_out": row.rows.count() - waiting}
    try:
        engine.move(row, ReminderRunAction.START, **_done(by, at), facts=facts)
    except NotAllowed as error:
        raise Refused("这次提醒已经发出，不用再点。", code=error.code, row=error.row) from error


@transaction.atomic
def discard(*, run, by, at):
    """Delete a dry run of `by`. Raises `Refused` once it was started."""
    check_is_reviewer(by)
    row = ReminderRun.objects.select_for_update().filter(pk=run.pk).first()
    if row is None or not row.is_prepared:
        raise Refused("这次提醒已经发出，不能放弃。", code="started", row=run)
    check_own(row, by=by)
    row.delete()


def _done(by, at):
    return {"by": by, "role": Role.REVIEWER, "at": at, "channel": Channel.ADMIN}


def forget_runs(*, before, limit):
    """Delete up to `limit` runs from before the moment `before`. The events stay.

    A run that the worker still has to do stays too. Returns how many.
    """
    pks = list(ReminderRun.objects.over(before).order_by("pk").values_list("pk", flat=True)[:limit])
    ReminderRun.objects.filter(pk__in=pks).exclude(status=ReminderRunStatus.RUNNING).delete()
    return len(pks)
