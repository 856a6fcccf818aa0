"""Of cards: one in the hand, one request behind it, and no old card beside its successor."""

from django.db.models import Count, Q

from apps.cards.enums import CARD_IN_HAND, CardStatus
from apps.cards.models import Card
from apps.common.integrity import Invariant
from apps.people.models import Holder


def _several_in_hand(at):
    in_hand = Count("cards", filter=Q(cards__status__in=CARD_IN_HAND))
    return Holder.objects.annotate(in_hand=in_hand).filter(in_hand__gt=1)


def _of_no_request(at):
    return Card.objects.filter(card_request=None)


def _beside_its_successor(at):
    return Card.objects.exclude(replaced_by=None).exclude(status=CardStatus.RETIRED)


INVARIANTS = [
    Invariant("一个人手里最多一张社保卡", _several_in_hand),
    Invariant("每张社保卡都来自一件申请", _of_no_request),
    Invariant("补换出新卡的旧卡都已注销", _beside_its_successor),
]
