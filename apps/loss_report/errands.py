"""A card that is suspended stands on the first page until it is lifted or the time is over."""

from django.urls import reverse

from apps.cards.enums import CardAction
from apps.cards.errands import CardErrand
from apps.loss_report.offers import offers_of


def of_cards(cards, *, by, at):
    return [
        CardErrand(
            card,
            "社保卡正在临时挂失",
            "查看或解除",
            reverse("loss_report:detail", args=[card.reference]),
            waits_for_user=False,
            stands_beside_request=True,
        )
        for card, offers in zip(cards, offers_of(cards, by=by, at=at), strict=True)
        if offers.of(CardAction.LIFT).is_open
    ]
