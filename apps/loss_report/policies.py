"""What is allowed now with a temporary loss, and why not."""

from django.conf import settings

from apps.cards.enums import CardStatus
from apps.cards.policies import openness_where_issued, why_not_replaced_online
from apps.common.addresses import page_url, row_url
from apps.loss_report.refusals import LossReportRefused
from apps.regions.enums import Service


def check_reportable(*, card, at):
    """Raise `LossReportRefused` unless a loss of `card` can be reported at `at`."""
    check_card_reportable(card=card, at=at)
    openness = openness_where_issued([card], Service.LOSS_REPORT, at=at)
    check_city_open(card=card, openness=openness)


def check_card_reportable(*, card, at):
    """Raise `LossReportRefused` unless `card` is active at `at`."""
    match card.status_at(at):
        case CardStatus.SEALED:
            raise LossReportRefused(
                "这张社保卡还没有启用，本来就不能用于结算，不用挂失。",
                code="sealed",
                next_step=("去看社保卡启用", page_url("activation:guide")),
            )
        case CardStatus.SUSPENDED:
            raise LossReportRefused(
                "这张社保卡正在临时挂失，不用再次挂失。",
                code="suspended",
                row=card,
                next_step=("查看或解除挂失", row_url("loss_report:detail", card.reference)),
            )
        case CardStatus.LOST:
            closed = why_not_replaced_online(card.holder, at=at)
            raise LossReportRefused(
                f"这张社保卡已经正式挂失，不能使用，不用再办临时挂失。{closed}",
                code="lost",
                row=card,
                next_step=None if closed else ("去申请补换", page_url("replacement:guide")),
            )
        case CardStatus.RETIRED:
            raise LossReportRefused(
                "这张社保卡已经注销，不能使用，不用挂失。", code="retired", row=card
            )


def check_city_open(*, card, openness):
    """Raise `LossReportRefused` unless 临时挂失 is open in the city of `card`.

    `openness` is that of the service, from `cards.policies.openness_where_issued`.
    """
    there = openness[card.city_id]
    if not there.is_open:
        why = there.why_not(where=card.city.name, what="线上临时挂失", never="没有开通")
        raise LossReportRefused(f"{why}。请马上拨打 12333 办理。", code="not_open")


def check_liftable(*, card, at):
    """Raise `LossReportRefused` unless the suspension of `card` is running at `at`."""
    status = card.status_at(at)
    if status == CardStatus.SUSPENDED:
        return
    if status == CardStatus.ACTIVE:
        raise LossReportRefused(
            "这张社保卡现在没有挂失，可以正常使用，不用解除。", code="not_suspended", row=card
        )
    raise LossReportRefused(
        f"这张社保卡现在是「{status.label}」，不能在这里解除挂失。请联系{settings.PORTAL_OPERATOR['contact']}。",
        code="not_suspended",
        row=card,
    )
