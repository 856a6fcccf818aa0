"""What is promised of a declared formal loss: a decision by a day."""

from apps.cards.enums import CardAction
from apps.cards.lifecycle import CARD
from apps.lateness.promises import Promise, promised_days
from apps.replacement.event_kinds import LATE, LateLoss
from apps.replacement.models import FormalLoss
from apps.requests.promises import decision_date


def _waiting():
    """Those on which a reviewer can still decide."""
    sources = CARD.moves[CardAction.CONFIRM_LOSS].sources
    return FormalLoss.objects.waiting().filter(card__status__in=sources).select_related("card")


def _days(losses):
    return {loss.pk: decision_date(loss.status_since) for loss in losses}


DECISION = Promise(LATE, LateLoss.DECISION, _waiting, _days)
PROMISES = [DECISION]


def decision_day(loss, *, at):
    """The `PromisedDay` of the decision on the declaration `loss`, which waits for it."""
    return promised_days(DECISION, [loss], at=at)[loss.pk]
