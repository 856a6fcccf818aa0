"""Reminds people: those of a run that a reviewer started, and those whom a rule finds.

Both write events in the same way; apps.notices makes the messages from them, each once for an
event, person and channel. An invitation goes out again by its own queue, because its link is a
secret that no message row may hold. Every chunk is one transaction, so a worker may be killed at
any moment and nobody is told twice. Nobody gets two reminders within settings.REMINDER_GAP.
"""

import logging

from django.db import transaction

from apps.events import services as events
from apps.events.enums import AS_WORKER, Channel, Role
from apps.invitations import services as invitations
from apps.invitations.funnel import FunnelStep, with_step
from apps.lifecycle import engine
from apps.lifecycle.refusals import NotAllowed
from apps.onboarding.enums import ReminderAction, ReminderOutcome, ReminderRunAction
from apps.onboarding.event_kinds import REMINDER
from apps.onboarding.models import ReminderRun
from apps.onboarding.policies import actions_of, locked_holders, told_lately, why_not
from apps.onboarding.rules import RULES
from apps.people.models import Holder

logger = logging.getLogger(__name__)

CHUNK = 500


def work_off(*, at, deadline):
    """Remind the people of the runs that were started, the oldest first. Returns how many."""
    done = 0
    for run in ReminderRun.objects.under_way().select_related("by"):
        while not deadline.has_passed:
            tried, reminded = _work(run, at=at)
            done += reminded
            if not tried:
                break
        _end(run, at=at)
    return done


def _end(run, *, at):
    if run.rows.waiting().exists():
        return
    try:
        engine.move(run, ReminderRunAction.FINISH, at=at, **AS_WORKER)
    except NotAllowed:
        logger.info("%s was finished by another worker", run)


@transaction.atomic
def _work(run, *, at):
    """One chunk of rows. Returns how many were tried, and how many of them were reminded."""
    waiting = run.rows.waiting().select_for_update(skip_locked=True, of=("self",)).order_by("pk")
    keys = list(waiting.values_list("holder_id", flat=True)[:CHUNK])
    holders = locked_holders(keys)
    step = FunnelStep(run.step)
    still = with_step(Holder.objects.filter(pk__in=keys)).filter(step=step)
    here = set(still.values_list("pk", flat=True))
    actions = actions_of(holders, step=step)
    left = {key: "已经不在这一步" for key in keys if key not in here}
    left |= {
        key: why for key, why in why_not(holders, actions=actions, at=at).items() if key in here
    }
    going = [holder for holder in holders if holder.pk not in left]
    for action in ReminderAction:
        _remind(
            [holder for holder in going if actions[holder.pk] == action],
            action,
            by=run.by,
            role=Role.REVIEWER,
            channel=Channel.ADMIN,
            at=at,
        )
    rows = run.rows.waiting()
    rows.filter(holder__in=[holder.pk for holder in going]).update(outcome=ReminderOutcome.DONE)
    for reason in set(left.values()):
        rows.filter(holder__in=[key for key, why in left.items() if why == reason]).update(
            outcome=ReminderOutcome.LEFT_OUT, reason=reason
        )
    return len(keys), len(going)


def remind_due(*, at, deadline):
    """Remind everybody whom a rule finds, once each. Idempotent. Returns how many."""
    done = 0
    for rule in RULES:
        while not deadline.has_passed:
            reminded = _remind_due(rule, at=at)
            done += reminded
            if not reminded:
                break
    return done


@transaction.atomic
def _remind_due(rule, *, at):
    keys = sorted(set(rule.due(at=at)[:CHUNK]))
    holders = locked_holders(keys)
    # Locked first and looked at again: another worker may have reminded them meanwhile.
    told = told_lately(keys, at=at, only_reminders=True) if keys else set()
    free = [holder for holder in holders if holder.pk not in told]
    _remind(free, rule.action, at=at, **AS_WORKER)
    return len(free)


def _remind(holders, action, *, by, role, channel, at):
    """Write down that `holders` are reminded, in the transaction in which they were locked."""
    if not holders:
        return
    if action == ReminderAction.INVITE:
        invitations.send_again(users=[holder.user_id for holder in holders], at=at)
    events.record_each(
        kind=REMINDER,
        action=action,
        subjects=[(holder.pk, holder.reference, holder.pk) for holder in holders],
        by=by,
        role=role,
        channel=channel,
        at=at,
    )
