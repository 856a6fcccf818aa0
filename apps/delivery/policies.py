"""Until when the address of a card may be given or changed, and why not later."""

from apps.cards.enums import RequestStatus
from apps.common.refusals import Refused

BEFORE_PAYMENT = (RequestStatus.SUBMITTED,)
# Paid, and the card is not sent yet: the address may change within the tier that was paid.
AFTER_PAYMENT = (
    RequestStatus.PAID,
    RequestStatus.ACCEPTED,
    RequestStatus.NEEDS_AMENDMENT,
    RequestStatus.APPROVED,
)


class TooLateToChange(Refused):
    """The card is made or on its way, or the request has ended."""


def check_open(*, card_request):
    """Raise `TooLateToChange` unless the address for `card_request` may be given or changed."""
    if card_request.is_draft:
        raise TooLateToChange("申请还没有提交。请先提交申请，再填写收件信息。", code="draft")
    if card_request.status not in (*BEFORE_PAYMENT, *AFTER_PAYMENT):
        raise TooLateToChange(
            f"这件申请现在是「{card_request.get_status_display()}」，不能再修改收件信息。"
            "如有疑问，请联系人事处社保窗口。",
            code="too_late",
            row=card_request,
        )


def is_settled(card_request):
    """Whether the postage of `card_request` is settled, so that the tier of its address stays."""
    return card_request.status in AFTER_PAYMENT
