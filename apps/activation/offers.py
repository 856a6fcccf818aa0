"""What the holder or guardian may do with a new card: activate it."""

from functools import partial

from apps.activation import policies
from apps.cards.enums import CardAction
from apps.cards.permissions import role_of_visible
from apps.cards.policies import openness_where_issued
from apps.common.addresses import row_url
from apps.lifecycle.offers import Offer, offer
from apps.regions.enums import Service

ACTIVATE = CardAction.ACTIVATE


def to_activate(cards, *, by, at) -> list[Offer]:
    """The offer to activate each of `cards`, which `by` sees (`visible_to`): one query for all.

    Select `holder`, `city` and `card_request` along.
    """
    openness = openness_where_issued(cards, Service.ACTIVATE, at=at)
    return [
        offer(
            card,
            ACTIVATE,
            words="启用社保卡",
            url=row_url("activation:start", card.reference),
            role=role_of_visible(by, card.holder),
            at=at,
            checks=(
                partial(policies.check_card_activatable, card=card, at=at),
                partial(policies.check_city_open, card=card, openness=openness),
            ),
            is_main=True,
        )
        for card in cards
    ]
