"""What the holder or guardian may do with the temporary loss of a card."""

from functools import partial

from apps.cards.enums import CardAction
from apps.cards.permissions import role_of_visible
from apps.cards.policies import openness_where_issued
from apps.common.addresses import row_url
from apps.lifecycle.offers import Offers, offer
from apps.loss_report import policies
from apps.regions.enums import Service


def offers(card, *, by, at) -> Offers:
    """The offers of `card` for `by`, who sees it (`visible_to`). Select `holder` along."""
    return offers_of([card], by=by, at=at)[0]


def offers_of(cards, *, by, at) -> list[Offers]:
    """The offers of each of `cards`, with one query for all. Select `holder` and `city` along."""
    openness = openness_where_issued(cards, Service.LOSS_REPORT, at=at)
    return [_offers(card, openness, by=by, at=at) for card in cards]


def _offers(card, openness, *, by, at):
    role = role_of_visible(by, card.holder)
    return Offers(
        [
            offer(
                card,
                CardAction.REPORT_LOSS,
                words="临时挂失",
                url=row_url("loss_report:report", card.reference),
                role=role,
                at=at,
                checks=(
                    partial(policies.check_card_reportable, card=card, at=at),
                    partial(policies.check_city_open, card=card, openness=openness),
                ),
                is_main=True,
            ),
            offer(
                card,
                CardAction.LIFT,
                words="解除挂失",
                url=row_url("loss_report:lift", card.reference),
                role=role,
                at=at,
                checks=(partial(policies.check_liftable, card=card, at=at),),
                is_main=True,
            ),
        ]
    )
