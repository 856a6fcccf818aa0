"""What is allowed now with the payment for a request, and why not."""

from django.conf import settings

from apps.common import money
from apps.common.moments import end_of
from apps.common.refusals import Refused
from apps.common.templatetags.formats import end_of_day
from apps.requests.policies import last_day_to_pay


class NotDue(Refused):
    """There is nothing to pay, or not this amount, or not any more."""


class TooLateToPay(NotDue):
    """The last day to pay is over."""


def check_awaits_payment(card_request, *, at):
    """Raise `NotDue` unless `card_request` waits for its payment at the moment `at`."""
    if not card_request.awaits_payment:
        raise NotDue(
            f"这件申请现在是「{card_request.get_status_display()}」，不需要缴费。",
            code="wrong_status",
            next_step=("查看申请", card_request.get_absolute_url()),
            row=card_request,
        )
    check_in_time(card_request, at=at)


def check_in_time(card_request, *, at):
    """Raise `TooLateToPay` after the last day of an unpaid `card_request`.

    So it is also while no worker has let it lapse.
    """
    last_day = last_day_to_pay(card_request)
    if card_request.awaits_payment and at >= end_of(last_day):
        raise TooLateToPay(
            f"缴费期限是 {end_of_day(last_day)}，已经过了，不能再缴费。需要办卡请重新申请。",
            code="late",
            next_step=("查看申请", card_request.get_absolute_url()),
        )


def payable_until(card_request, *, at):
    """Until when an order that is placed at `at` can be paid: never longer than the request."""
    return min(at + settings.PAYMENT_VALID, end_of(last_day_to_pay(card_request)))


def another_amount(total_fen):
    """The refusal of a payment whose button named another amount than `total_fen`."""
    return NotDue(
        f"现在应付 {money.yuan(total_fen)} 元，和刚才按钮上写的不同。"
        "收件信息已保存，请核对金额后再付一次。",
        code="amount",
        next_step=("查看费用", "#fees"),
    )


def no_shipment(card_request, *, at):
    """The refusal while nobody has said where the card goes, or only a former guardian has."""
    if card_request.is_handed_over(at):
        why = "原来的收件信息是监护人填写的，请先填写您本人的收件信息。"
    else:
        why = "还没有填写收件信息。请先选择怎么领卡。"
    return NotDue(why, code="no_shipment")


def check_payable(card_request, fees, *, at):
    """Raise `NotDue` unless `card_request` waits for its payment and its `fees` are known."""
    check_awaits_payment(card_request, at=at)
    if fees is None:
        raise no_shipment(card_request, at=at)
