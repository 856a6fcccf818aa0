"""Applies the reports of a gateway to our payment rows. Makes no network calls.

Every verb is one transaction. The request's row is locked before the payment's, always in this
order. Where there are no row locks (SQLite), a transaction locks the whole database instead.
"""

import logging

from django.db import transaction

from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.models import CardRequest
from apps.common.refusals import Refused
from apps.events.enums import AS_GATEWAY, Channel, Role
from apps.lifecycle import engine
from apps.payments.amounts import fees_of
from apps.payments.enums import PaymentAction
from apps.payments.gateways import TradeState
from apps.payments.models import Payment

logger = logging.getLogger(__name__)


class Mismatch(Refused):
    """The report has another amount, or a trade number that belongs to another order."""


@transaction.atomic
def confirm(*, payment, trade_number, amount_fen, paid_at, at):
    """Record that the money has arrived. Payment and request move on together, or neither does.

    Idempotent. If the request cannot use the money any more (withdrawn, lapsed, paid by another
    order, or its postage has changed), the refund begins at once. Raises `Mismatch`.
    """
    if amount_fen != payment.amount_fen:
        raise Mismatch("支付平台的金额与订单不一致。", code="amount")
    card_request = _lock_request(payment)
    payment.refresh_from_db()
    payment.card_request = card_request
    if payment.is_received:
        return
    others = Payment.objects.filter(gateway=payment.gateway, trade_number=trade_number)
    if not trade_number or others.exists():
        raise Mismatch("支付平台的交易号不属于这个订单。", code="trade_number")
    money = {"trade_number": trade_number, "paid_at": paid_at}
    unusable = _why_unusable(payment, card_request)
    if unusable:
        logger.warning("payment %s arrived and is returned: %s", payment.reference, unusable)
        engine.move(
            payment,
            PaymentAction.RETURN,
            at=at,
            due_at=paid_at,
            reason=unusable,
            refund_reason=unusable,
            next_check_at=at,
            check_count=0,
            **money,
            **AS_GATEWAY,
        )
        return
    engine.move(payment, PaymentAction.CONFIRM, at=at, due_at=paid_at, **money, **AS_GATEWAY)
    engine.move(card_request, RequestAction.PAY, at=at, due_at=paid_at, **AS_GATEWAY)


def _lock_request(payment):
    locked = CardRequest.objects.select_for_update(of=("self",))
    return locked.select_related("rule").get(pk=payment.card_request_id)


def _why_unusable(payment, card_request):
    """Why `card_request` cannot be paid with this money, as the payer reads it; "" when it can."""
    if card_request.status != RequestStatus.SUBMITTED:
        return f"到账时申请已是「{card_request.get_status_display()}」，款项原路退回"
    fees = fees_of(card_request)
    if fees is not None and fees.total_fen != payment.amount_fen:
        return "到账前收件信息有修改，金额已变化，款项原路退回，请按新的金额支付"
    return ""


@transaction.atomic
def fail(*, payment, at, reason=""):
    """Record that a try to pay failed. Not final; has no effect on money that arrived."""
    if engine.is_allowed(payment, PaymentAction.FAIL, role=Role.GATEWAY, at=at):
        engine.move(payment, PaymentAction.FAIL, at=at, reason=reason, **AS_GATEWAY)


@transaction.atomic
def close(*, payment, by, at, reason=""):
    """Record that the order can no longer be paid. Has no effect on money that arrived."""
    role, channel = _capacity(payment, by)
    if engine.is_allowed(payment, PaymentAction.CLOSE, role=role, at=at):
        engine.move(
            payment, PaymentAction.CLOSE, by=by, role=role, at=at, channel=channel, reason=reason
        )


def _capacity(payment, by):
    """(role, channel) in which `by` closes an order; None is the worker."""
    if by is None:
        return Role.WORKER, Channel.WORKER
    is_own = payment.card_request.holder.user_id == by.pk
    return (Role.HOLDER if is_own else Role.GUARDIAN), Channel.WEB


def apply(report, *, payment, at):
    """Apply a verified `GatewayReport`. Raises `Mismatch`."""
    if report.state is TradeState.PAID:
        confirm(
            payment=payment,
            trade_number=report.trade_number,
            amount_fen=report.amount_fen,
            paid_at=report.paid_at or at,
            at=at,
        )
    elif report.state is TradeState.FAILED:
        fail(payment=payment, at=at, reason="支付平台报告付款失败")
    elif report.state is TradeState.CLOSED:
        close(payment=payment, by=None, at=at, reason="支付平台已关闭订单")
