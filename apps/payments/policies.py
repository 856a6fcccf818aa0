"""What is allowed now with the payment for a request, and why not."""

from apps.common.refusals import Refused


class NotDue(Refused):
    """There is nothing to pay, or not this amount, or not any more."""


def check_awaits_payment(card_request):
    """Raise `NotDue` unless `card_request` waits for its payment."""
    if not card_request.awaits_payment:
        raise NotDue(
            f"这件申请现在是「{card_request.get_status_display()}」，不需要缴费。",
            code="wrong_status",
            next_step=("查看申请", card_request.get_absolute_url()),
            row=card_request,
        )


def no_shipment():
    """The refusal while nobody has said where the card goes."""
    return NotDue("还没有填写收件信息。请先选择邮寄到家或银行网点自取。", code="no_shipment")


def check_payable(card_request, fees):
    """Raise `NotDue` unless `card_request` waits for its payment and its `fees` are known."""
    check_awaits_payment(card_request)
    if fees is None:
        raise no_shipment()
