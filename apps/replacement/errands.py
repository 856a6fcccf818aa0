"""A card whose formal loss is confirmed, and that can be replaced now."""

from apps.cards.errands import CardErrand
from apps.replacement.offers import BEGIN, offers_of


def of_cards(cards, *, by, at):
    begins = [offers.of(BEGIN) for offers in offers_of(cards, by=by, at=at)]
    return [
        CardErrand(card, "社保卡已正式挂失，可以申请补换", "去补换", begin.url)
        for card, begin in zip(cards, begins, strict=True)
        if begin.is_open
    ]
