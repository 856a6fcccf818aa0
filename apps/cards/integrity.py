"""Of cards: one in the hand, one request behind it, and no old card beside its successor."""

from django.db.models import Count, F, OuterRef, Q, Subquery

from apps.cards.enums import CARD_IN_HAND, CardStatus, RequestAction, RequestStatus
from apps.cards.lifecycle import REQUEST, WAYS_IN
from apps.cards.models import Card, CardRequest
from apps.common.integrity import Invariant
from apps.events.models import Event
from apps.people.models import Holder


def _several_in_hand(at):
    in_hand = Count("cards", filter=Q(cards__status__in=CARD_IN_HAND))
    return Holder.objects.annotate(in_hand=in_hand).filter(in_hand__gt=1)


def _of_no_request(at):
    return Card.objects.filter(card_request=None)


def _beside_its_successor(at):
    return Card.objects.exclude(replaced_by=None).exclude(status=CardStatus.RETIRED)


def _came_back_another_way(at):
    """The last event by which a waiting request came to the desk; a recall is none."""
    ways = Event.objects.filter(
        subject_kind=REQUEST.name, subject_id=OuterRef("pk"), action__in=WAYS_IN
    )
    last = Subquery(ways.order_by("-pk").values("action")[:1])
    waiting = CardRequest.objects.filter(status=RequestStatus.ACCEPTED).annotate(last_way=last)
    first = Q(last_way=RequestAction.ACCEPT, came_back_by="")
    return waiting.exclude(first).exclude(came_back_by=F("last_way"))


INVARIANTS = [
    Invariant("一个人手里最多一张社保卡", _several_in_hand),
    Invariant("每张社保卡都来自一件申请", _of_no_request),
    Invariant("补换出新卡的旧卡都已注销", _beside_its_successor),
    Invariant("等待审核的申请，怎样回来的和记录一致", _came_back_another_way),
]
