"""The worker's part: write down what has ended.

Nothing waits for it. A suspension whose end has passed reads 正常 everywhere, and a report whose
card was moved on by another matter shows what became of the card, because both are derived at
reading time.
"""

import logging

from django.db import transaction

from apps.cards.enums import CardAction
from apps.cards.models import Card
from apps.events.enums import Channel, Role
from apps.lifecycle import engine
from apps.lifecycle.refusals import NotAllowed
from apps.loss_report.models import OUTCOME_OF, LossReport

logger = logging.getLogger(__name__)


def expire_due(*, at, limit):
    """Write down up to `limit` suspensions that ended by `at`, the earliest first.

    Each in a transaction of its own, with the moment it was due. A card that cannot be moved is
    logged and passed over, and does not count: it never keeps the others waiting. Returns how many
    were written down.
    """
    due = Card.objects.suspension_over(at).order_by("suspended_until", "pk")
    done = 0
    for pk in list(due.values_list("pk", flat=True)):
        if done == limit:
            break
        done += _expire(pk, at)
    return done


def _expire(pk, at):
    try:
        with transaction.atomic():
            card = Card.objects.suspension_over(at).get(pk=pk)
            engine.move(
                card,
                CardAction.EXPIRE,
                by=None,
                role=Role.WORKER,
                at=at,
                channel=Channel.WORKER,
                due_at=card.suspended_until,
            )
            close(LossReport.objects.filter(card=card))
    except (Card.DoesNotExist, NotAllowed):
        return 0  # Somebody else was first; what they did stands in the events.
    except Exception:
        logger.exception("the suspension of card #%s was not expired", pk)
        return 0
    return 1


def close_overtaken(*, limit):
    """Close up to `limit` reports whose card another matter has moved on. Returns how many."""
    pks = list(LossReport.objects.overtaken().order_by("pk").values_list("pk", flat=True)[:limit])
    return close(LossReport.objects.filter(pk__in=pks))


def close(reports):
    """Copy the end of the suspension from the events to those `reports` that are open.

    Returns how many were closed. Reports of cards that are still suspended stay open.
    """
    closed = 0
    for report in reports.overtaken().with_ending():
        closed += (
            LossReport.objects.open()
            .filter(pk=report.pk)
            .update(
                outcome=OUTCOME_OF[CardAction(report.ending_action)], closed_at=report.ending_at
            )
        )
    return closed
