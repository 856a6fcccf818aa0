"""Of formal losses: a card is lost when its loss is confirmed, and only then replaced."""

from django.db.models import Exists, OuterRef

from apps.cards.enums import REQUEST_IN_FLIGHT, CardStatus, RequestKind
from apps.cards.models import Card, CardRequest
from apps.common.integrity import Invariant
from apps.replacement.enums import FormalLossStatus
from apps.replacement.models import FormalLoss

CONFIRMED = FormalLoss.objects.filter(status=FormalLossStatus.CONFIRMED)


def _lost_without_confirmation(at):
    loss = CONFIRMED.filter(card=OuterRef("pk"))
    return Card.objects.filter(~Exists(loss), status=CardStatus.LOST)


def _confirmed_on_other_cards(at):
    return CONFIRMED.exclude(card__status__in=[CardStatus.LOST, CardStatus.RETIRED])


def _replacing_a_card_in_use(at):
    replacements = CardRequest.objects.filter(
        kind=RequestKind.REPLACEMENT, status__in=REQUEST_IN_FLIGHT
    ).submitted()
    return replacements.exclude(old_card__status__in=[CardStatus.LOST, CardStatus.RETIRED])


INVARIANTS = [
    Invariant("正式挂失的社保卡都有确认过的声明", _lost_without_confirmation),
    Invariant("确认过的正式挂失，社保卡都已挂失或注销", _confirmed_on_other_cards),
    Invariant("补换中的旧卡都已正式挂失", _replacing_a_card_in_use),
]
