"""A new card that waits to be activated, here or at a counter."""

from django.urls import reverse

from apps.activation.offers import to_activate
from apps.activation.refusals import NotOpenHere
from apps.cards.errands import CardErrand

TITLE = "社保卡已领取，还没有启用"


def of_cards(cards, *, by, at):
    found = []
    for card, offer in zip(cards, to_activate(cards, by=by, at=at), strict=True):
        if offer.is_open:
            found.append(CardErrand(card, TITLE, "去启用", offer.url))
        elif isinstance(offer.refusal, NotOpenHere):
            found.append(CardErrand(card, TITLE, "看在哪里启用", reverse("activation:guide")))
    return found
