"""What is allowed now with a formal loss, and why not."""

from django.urls import reverse

from apps.cards.enums import REQUEST_ENDED_WITHOUT_CARD, CardStatus
from apps.cards.models import CardRequest
from apps.replacement.models import FormalLoss
from apps.replacement.refusals import FormalLossRefused


def check_declarable(*, card, at):
    """Raise `FormalLossRefused` unless the formal loss of `card` can be declared at `at`."""
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
    if FormalLoss.objects.open().filter(card=card).exists():
        raise declared_already(card)


def declared_already(card):
    """The refusal of a second declaration while the first one waits."""
    return FormalLossRefused(
        "这张社保卡的正式挂失已经登记，正在等待确认，不用再登记。",
        code="declared",
        next_step=("查看登记", reverse("replacement:loss", args=[card.reference])),
    )


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
