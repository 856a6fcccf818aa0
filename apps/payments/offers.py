"""What the payer may do about the payment for a request, or about one order of it."""

from functools import partial

from apps.cards.permissions import role_of_visible
from apps.common.addresses import row_url
from apps.lifecycle.offers import Offer, offer_to_begin
from apps.payments import policies
from apps.payments.amounts import fees_of
from apps.payments.enums import PaymentAction
from apps.payments.lifecycle import PAYMENT

PAY = PaymentAction.CREATE


def to_pay(card_request, *, url, role, at) -> Offer:
    """The offer to pay for `card_request` on the page `url`, to somebody in `role`.

    Select `rule` and `shipment` along.
    """
    fees = fees_of(card_request, at=at)
    is_free = fees is not None and not fees.total_fen
    free = "去确认单位领取" if card_request.is_collected_by_unit else "去确认自取"
    words = free if is_free else "去支付"
    return _offer(card_request, fees, url=url, role=role, at=at, words=words, hint="")


def to_pay_again(payment, *, by, at) -> Offer:
    """The offer to pay for the request of `payment`: by this order while it runs, else a new one.

    Select `card_request__holder`, `card_request__rule` and `card_request__shipment` along.
    """
    card_request = payment.card_request
    role = role_of_visible(by, card_request.holder)
    shown = payment.shown_at(at)
    return _offer(
        card_request,
        fees_of(card_request, at=at),
        url=row_url("payments:pay", card_request.reference),
        role=role,
        at=at,
        words=shown.again,
        hint=shown.hint,
    )


def _offer(card_request, fees, *, url, role, at, words, hint):
    return offer_to_begin(
        PAYMENT,
        PAY,
        words=words,
        url=url,
        role=role,
        checks=(partial(policies.check_payable, card_request, fees, at=at),),
        hint=hint,
        is_main=True,
    )
