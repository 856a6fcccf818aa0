"""What is allowed now with a formal loss and a replacement, and why not."""

from django.urls import reverse

from apps.cards.enums import REQUEST_ENDED_WITHOUT_CARD, CardAction, CardStatus
from apps.cards.models import CardRequest
from apps.common.templatetags.formats import moment
from apps.events.enums import Role
from apps.lifecycle import engine
from apps.replacement.models import FormalLoss
from apps.replacement.refusals import FormalLossRefused
from apps.requests import replacing
from apps.requests.replacing import NotReplaceable


def check_declarable(*, card, at):
    """Raise `FormalLossRefused` unless the formal loss of `card` can be declared at `at`."""
    check_card_declarable(card=card, at=at)
    check_undeclared(card=card, loss=FormalLoss.objects.open().filter(card=card).first())


def check_card_declarable(*, card, at):
    """Raise `FormalLossRefused` unless `card` is in use at `at`."""
    match card.status_at(at):
        case CardStatus.SEALED:
            raise FormalLossRefused(
                "这张社保卡还没有启用，本来就不能用于结算，不能办理正式挂失。"
                "卡没有收到或已丢失的，请联系人事处社保窗口。",
                code="sealed",
            )
        case CardStatus.LOST:
            raise FormalLossRefused(
                "这张社保卡已经正式挂失，不用再办。",
                code="lost",
                next_step=("申请补换", reverse("replacement:start", args=[card.reference])),
            )
        case CardStatus.RETIRED:
            raise FormalLossRefused(
                "这张社保卡已经注销，不能使用，不用再办正式挂失。", code="retired"
            )


def check_undeclared(*, card, loss):
    """Raise `FormalLossRefused` when there is a `loss`, the open one of `card`."""
    if loss is not None:
        raise declared_already(card)


def declared_already(card):
    """The refusal of a second declaration while the first one waits."""
    return FormalLossRefused(
        "这张社保卡的正式挂失已经登记，正在等待确认，不用再登记。",
        code="declared",
        next_step=("查看登记", reverse("replacement:loss", args=[card.reference])),
    )


def check_replaceable(*, card, loss, under_way, at):
    """Raise `NotReplaceable` unless a replacement of `card` can be begun at `at`.

    `loss` is the open formal loss of the card, `under_way` the request that replaces it already;
    None where there is none.
    """
    if under_way is not None and not card.is_over(at):
        raise NotReplaceable(
            f"{under_way.matter}申请：{under_way.get_status_display()}。",
            code="under_way",
            next_step=(
                "继续办理" if under_way.is_draft else "查看补换进度",
                under_way.get_absolute_url(),
            ),
        )
    if loss is not None and loss.is_waiting and _may_be_confirmed(card, at=at):
        raise NotReplaceable(
            f"正式挂失已于 {moment(loss.declared_at)} 登记，等待审核老师确认。",
            code="waiting",
            next_step=("查看登记", reverse("replacement:loss", args=[card.reference])),
        )
    replacing.check_card(card, at=at)


def _may_be_confirmed(card, *, at):
    """Whether a reviewer can stop `card` for good."""
    return engine.is_allowed(card, CardAction.CONFIRM_LOSS, role=Role.REVIEWER, at=at)


def check_withdrawable(*, card):
    """Raise `FormalLossRefused` when a replacement of `card` is under way or done."""
    request = (
        CardRequest.objects.filter(old_card=card)
        .exclude(status__in=REQUEST_ENDED_WITHOUT_CARD)
        .first()
    )
    if request is not None:
        raise FormalLossRefused(
            f"持卡人已经申请{request.matter}（业务受理编号 {request.reference}，"
            f"「{request.get_status_display()}」），正式挂失不能再撤销。"
            "补换申请在缴费前由持卡人撤销以后，才能撤销正式挂失。",
            code="replacement_requested",
        )
