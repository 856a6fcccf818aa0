"""A card that is stopped for good: a new one can be applied for now, or where it is made."""

from django.urls import reverse

from apps.cards.errands import CardErrand
from apps.replacement.offers import BEGIN, offers_of
from apps.replacement.policies import is_replaced_at_a_counter


def of_cards(cards, *, by, at):
    found = []
    for card, offers in zip(cards, offers_of(cards, by=by, at=at), strict=True):
        begin = offers.of(BEGIN)
        if begin.is_open:
            found.append(CardErrand(card, "社保卡已正式挂失，可以申请补换", "去补换", begin.url))
        elif is_replaced_at_a_counter(card, at=at):
            title = "社保卡已正式挂失，新卡到网点办理"
            found.append(CardErrand(card, title, "看怎么办", reverse("replacement:guide")))
    return found
