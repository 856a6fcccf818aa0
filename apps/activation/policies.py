"""When a card can be activated, and why not."""

from apps.activation.refusals import ActivationRefused, AlreadyActive, NotOpenHere
from apps.cards.enums import CardStatus, RequestStatus
from apps.cards.policies import openness_where_issued, why_not_replaced_online
from apps.common.addresses import page_url, row_url
from apps.regions.enums import Service


def check_activatable(*, card, at):
    """Raise `ActivationRefused` unless `card` (with its request) can be activated at `at`."""
    check_card_activatable(card=card, at=at)
    openness = openness_where_issued([card], Service.ACTIVATE, at=at)
    check_city_open(card=card, openness=openness)


def check_card_activatable(*, card, at):
    """Raise `ActivationRefused` unless `card` (with its request) is sealed and on its way."""
    match card.status_at(at):
        case CardStatus.ACTIVE:
            raise AlreadyActive(
                "这张社保卡已经启用，可以正常使用，不用再办。", code="active", row=card
            )
        case CardStatus.SUSPENDED:
            raise ActivationRefused(
                "这张社保卡以前已经启用，现在正在临时挂失。找到卡后请解除挂失，不用再启用。",
                code="suspended",
                row=card,
                next_step=("去解除挂失", row_url("loss_report:detail", card.reference)),
            )
        case CardStatus.LOST:
            closed = why_not_replaced_online(card.holder, at=at)
            raise ActivationRefused(
                f"这张社保卡已经正式挂失，不能启用。{closed or '请申请补换，收到新卡后启用新卡。'}",
                code="lost",
                row=card,
                next_step=None if closed else ("去申请补换", page_url("replacement:guide")),
            )
        case CardStatus.RETIRED:
            raise ActivationRefused(
                "这张社保卡已经注销，不能再启用。如果已补换新卡，请启用新卡。",
                code="retired",
                row=card,
                next_step=("查看可以启用的卡", page_url("activation:guide")),
            )
    card_request = getattr(card, "card_request", None)
    if card_request is not None and card_request.status == RequestStatus.PRODUCED:
        raise ActivationRefused(
            "这张社保卡已经制好，但还没有发出。请收到卡后再来启用。",
            code="not_dispatched",
            next_step=("查看制卡进度", card_request.get_absolute_url()),
        )


def check_city_open(*, card, openness):
    """Raise `NotOpenHere` unless 启用 is open in the city of `card`.

    `openness` is that of the service, from `cards.policies.openness_where_issued`.
    """
    there = openness[card.city_id]
    if not there.is_open:
        why = there.why_not(where=card.city.name, what="线上启用", never="没有开通")
        raise NotOpenHere(f"{why}。请带身份证和社保卡到发卡银行网点启用。", code="not_open")


def awaits_receipt(card):
    """Whether nobody has confirmed yet that `card` was received."""
    card_request = getattr(card, "card_request", None)
    return card_request is not None and card_request.status == RequestStatus.DISPATCHED
