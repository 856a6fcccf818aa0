"""A new card that waits to be activated, here or at a counter."""

from apps.activation.offers import to_activate
from apps.activation.refusals import NotOpenHere
from apps.cards.errands import CardErrand
from apps.common.addresses import page_url


def of_cards(cards, *, by, at):
    found = []
    for card, offer in zip(cards, to_activate(cards, by=by, at=at), strict=True):
        if offer.is_open:
            found.append(_errand(card, "卡到了，启用就能用", offer.words, offer.url))
        elif isinstance(offer.refusal, NotOpenHere):
            guide = page_url("activation:guide")
            found.append(_errand(card, "卡到了，要到网点启用", "看在哪里启用", guide))
    return found


def _errand(card, title, go, url):
    return CardErrand(
        card,
        title,
        go,
        url,
        text="社保卡已领取，还没有启用。启用前不能看病结算。",
        way_out=("卡还没收到？", card.card_request.get_absolute_url()),
    )
