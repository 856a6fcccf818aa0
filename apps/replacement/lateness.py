"""What is promised of a declared formal loss: a decision by a day."""

from apps.cards.enums import CardAction
from apps.cards.lifecycle import CARD
from apps.lateness.promises import Promise
from apps.replacement.event_kinds import LATE, LateLoss
from apps.replacement.models import FormalLoss
from apps.requests.promises import decision_date


def _waiting():
    """Those on which a reviewer can still decide."""
    sources = CARD.moves[CardAction.CONFIRM_LOSS].sources
    return FormalLoss.objects.waiting().filter(card__status__in=sources).select_related("card")


def _days(losses):
    return {loss.pk: decision_date(loss.status_since) for loss in losses}


PROMISES = [Promise(LATE, LateLoss.DECISION, _waiting, _days)]
