"""What the holder or guardian may do to replace a card: declare its loss, then begin."""

from functools import partial

from django.conf import settings
from django.db.models import Exists, OuterRef

from apps.cards.enums import REQUEST_IN_FLIGHT, RequestAction, RequestStatus
from apps.cards.lifecycle import REQUEST
from apps.cards.models import Card, CardRequest
from apps.cards.permissions import role_of_visible
from apps.cards.policies import openness_where_issued, why_not_replaced_online
from apps.common.addresses import row_url
from apps.lifecycle.offers import Offers, offer, offer_to_begin
from apps.queries.prepared import PreparedQuery, rounded
from apps.regions.enums import Service
from apps.replacement import policies
from apps.replacement.enums import FormalLossAction
from apps.replacement.lifecycle import FORMAL_LOSS
from apps.replacement.models import FormalLoss
from apps.replacement.policies import why_only_elsewhere

BEGIN = RequestAction.SAVE

# Whether the card of a request is declared lost, for the query that finds the request.
HAS_OPEN = Exists(FormalLoss.objects.open().filter(card=OuterRef("card")))
_OPEN = PreparedQuery(
    lambda cards: FormalLoss.objects.open().filter(cards.holds("card")), cards=Card
)
_REPLACING = PreparedQuery(
    lambda cards: CardRequest.objects.filter(
        cards.holds("old_card"), status__in=[*REQUEST_IN_FLIGHT, RequestStatus.REJECTED]
    ).order_by(),
    cards=Card,
)


def offers(card, *, by, at) -> Offers:
    """The offers of `card` for `by`, who sees it (`visible_to`).

    `BEGIN` opens a replacement, `DECLARE` a formal loss; `TAKE_BACK` is there while one is open.
    Select `holder` and `card_request` along.
    """
    return offers_of([card], by=by, at=at)[0]


def offers_of(cards, *, by, at, losses=None, opened=None) -> list[Offers]:
    """The offers of each of `cards`, with two queries for all.

    `losses` saves one of them: card pk → its open `FormalLoss` (`open_losses`). A lost card costs
    one more, which `opened` saves (`openness_where_issued`).
    """
    losses = open_losses(cards) if losses is None else losses
    opened = openness_where_issued(cards, Service.REPLACE, at=at) if opened is None else opened
    requests = _requests(cards)
    return [
        _offers(card, losses.get(card.pk), requests.get(card.pk), opened, by=by, at=at)
        for card in cards
    ]


def open_losses(cards) -> dict[int, FormalLoss]:
    """Card pk → its open formal loss, for those of `cards` that have one.

    Where each carries whether it `has_open_loss` (`HAS_OPEN`), no query without any.
    """
    asked = [card.pk for card in cards if getattr(card, "has_open_loss", True)]
    return {loss.card_id: loss for loss in _OPEN.read(cards=rounded(asked))}


def _requests(cards):
    """The latest request to replace each card that is in flight or was rejected."""
    found = _REPLACING.read(cards=rounded([card.pk for card in cards]))
    in_turn = sorted(found, key=lambda card_request: card_request.pk)
    return {card_request.old_card_id: card_request for card_request in in_turn}


def _offers(card, loss, card_request, opened, *, by, at):
    role = role_of_visible(by, card.holder)
    closed = why_not_replaced_online(card.holder, at=at)
    elsewhere = why_only_elsewhere(card, at=at, opened=opened)
    is_under_way = card_request is not None and not card_request.is_final
    found = Offers(
        [
            offer_to_begin(
                REQUEST,
                BEGIN,
                words="申请补换",
                hint=elsewhere
                or (_BEGIN_AGAIN if card_request else "正式挂失已确认，可以申请补换新卡。"),
                url=row_url("replacement:start", card.reference),
                role=role,
                checks=(
                    partial(
                        policies.check_replaceable,
                        card=card,
                        loss=loss,
                        under_way=card_request if is_under_way else None,
                        at=at,
                    ),
                ),
                is_main=not elsewhere,
            ),
            offer_to_begin(
                FORMAL_LOSS,
                FormalLossAction.DECLARE,
                words="办理正式挂失",
                hint=_ONLY_STOPS if closed else "要补领或换领，先办理正式挂失。",
                url=row_url("replacement:loss", card.reference),
                role=role,
                checks=(
                    partial(policies.check_card_declarable, card=card, at=at),
                    partial(policies.check_undeclared, card=card, loss=loss),
                ),
                is_main=not closed,
            ),
        ]
    )
    if loss is not None:
        found.append(
            offer(
                loss,
                FormalLossAction.TAKE_BACK,
                words="撤回登记",
                url=row_url("replacement:take_back", card.reference),
                role=role,
                at=at,
                is_post=True,
            )
        )
    return found


_ONLY_STOPS = "卡找不回来、只想先停用的，可以在网上办理正式挂失；新卡仍要到网点办理。"
_BEGIN_AGAIN = (
    "上次补换审核没有通过，旧卡仍是正式挂失：可以重新申请；"
    f"卡又找到了，请到{settings.PORTAL_OPERATOR['contact']}申请撤销正式挂失。"
)
