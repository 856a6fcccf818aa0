"""Applies the reports of a gateway to our payment rows. Makes no network calls.

Every verb is one transaction. The request's row is locked before the payment's, always in this
order. Where there are no row locks (SQLite), a transaction locks the whole database instead.
"""

import logging

from django.db import transaction

from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.models import CardRequest
from apps.common.refusals import Refused
from apps.events.enums import AS_GATEWAY, AS_WORKER, Channel, Role
from apps.gateways.port import TradeState, refusal_words
from apps.lifecycle import engine
from apps.payments import discrepancies
from apps.payments.amounts import fees_of
from apps.payments.enums import (
    BEFORE_MONEY,
    SENT_BACK,
    DiscrepancyKind,
    PaymentAction,
    PaymentStatus,
)
from apps.payments.enums import NotificationOutcome as Outcome
from apps.payments.models import Payment
from apps.payments.pauses import PAID_AFTER
from apps.payments.refunds import begun

logger = logging.getLogger(__name__)

REFUNDED_THERE = "支付平台退回了这笔款"


class Mismatch(Refused):
    """The report has another amount or trade number than the order; `kind` says which."""

    def __init__(self, message, *, kind):
        super().__init__(message, code=kind)
        self.kind = kind


@transaction.atomic
def apply(report, *, payment, at):
    """Apply a verified `GatewayReport`. Returns the `NotificationOutcome`.

    What the report says of money, and the order does not, is kept as a `Discrepancy`.
    """
    card_request = _lock(payment)
    before = payment.status
    try:
        with transaction.atomic():
            found = _apply(report, payment, card_request, at=at)
    except Mismatch as mismatch:
        if report.tells_of_money:
            discrepancies.find(
                kind=mismatch.kind,
                report=report,
                gateway=payment.gateway,
                payment=payment,
                amount_fen=report.amount_fen,
                at=at,
            )
        logger.warning("report about %s: %s", payment.reference, mismatch)
        return Outcome.MISMATCH
    if found:
        return Outcome.DISCREPANCY
    return Outcome.REPEATED if payment.status == before else Outcome.APPLIED


def _apply(report, payment, card_request, *, at):
    """Apply the report to the locked rows. Returns whether it was a discrepancy not known yet."""
    if report.amount_fen is not None and report.amount_fen != payment.amount_fen:
        raise Mismatch("支付平台的金额与订单不一致。", kind=DiscrepancyKind.OTHER_AMOUNT)
    if not report.tells_of_money:
        _without_money(report, payment, at=at)
        return False
    if payment.is_received and report.trade_number != payment.trade_number:
        return _found(DiscrepancyKind.SECOND_TRADE, report, payment, report.amount_fen, at=at)
    if payment.settlement and report.refunded_fen:
        twice_fen = report.refunded_fen - (payment.amount_fen - payment.rest_fen)
        kind = DiscrepancyKind.BACK_TWICE
        return twice_fen > 0 and _found(kind, report, payment, twice_fen, at=at)
    if report.refunded_fen < payment.amount_fen:
        _confirm(payment, card_request, report.trade_number, paid_at=report.paid_at or at, at=at)
        is_partly = report.refunded_fen > 0 and payment.status != PaymentStatus.REFUNDED
        return is_partly and _found(
            DiscrepancyKind.PARTLY_REFUNDED, report, payment, report.refunded_fen, at=at
        )
    return _refunded_there(payment, card_request, report, at=at)


def _without_money(report, payment, *, at):
    if report.state is TradeState.FAILED:
        fail(payment=payment, at=at, reason="支付平台报告付款失败")
    elif report.state is TradeState.CLOSED and payment.is_paid:
        # Closed after it was paid, so its money went back; the answer to a question says how much.
        Payment.objects.filter(pk=payment.pk).update(next_check_at=at)
    elif report.state is TradeState.CLOSED:
        close(payment=payment, by=None, at=at, reason="支付平台已关闭订单")


def _found(kind, report, payment, amount_fen, *, at):
    return discrepancies.find(
        kind=kind,
        report=report,
        gateway=payment.gateway,
        payment=payment,
        amount_fen=amount_fen,
        at=at,
    )


@transaction.atomic
def confirm(*, payment, trade_number, amount_fen, paid_at, at):
    """Record that the money has arrived. Payment and request move on together, or neither does.

    Idempotent. If the request cannot use the money any more (withdrawn, lapsed, paid by another
    order, or its postage has changed), the refund begins at once. Raises `Mismatch`.
    """
    if amount_fen != payment.amount_fen:
        raise Mismatch("支付平台的金额与订单不一致。", kind=DiscrepancyKind.OTHER_AMOUNT)
    card_request = _lock(payment)
    _confirm(payment, card_request, trade_number, paid_at=paid_at, at=at)


def _lock(payment):
    """Lock the request, then `payment`, which is read anew. Returns the request."""
    locked = CardRequest.objects.select_for_update(of=("self",))
    card_request = locked.select_related("rule", "holder").get(pk=payment.card_request_id)
    payment.read_again(is_locked=True)
    payment.card_request = card_request
    return card_request


def _confirm(payment, card_request, trade_number, *, paid_at, at):
    if payment.is_received:
        return
    unusable = _why_unusable(payment, card_request, at=paid_at)
    if unusable:
        _take_and_return(payment, trade_number, unusable, paid_at=paid_at, at=at)
        return
    money = _money(payment, trade_number, paid_at) | _watched(at)
    engine.move(payment, PaymentAction.CONFIRM, at=at, due_at=paid_at, **money, **AS_GATEWAY)
    engine.move(card_request, RequestAction.PAY, at=at, due_at=paid_at, **AS_GATEWAY)


def _money(payment, trade_number, paid_at):
    """The columns of money that arrives. Raises `Mismatch` if the trade is not this order's."""
    others = Payment.objects.filter(gateway=payment.gateway, trade_number=trade_number)
    if not trade_number or others.exists():
        raise Mismatch("支付平台的交易号不属于这个订单。", kind=DiscrepancyKind.TRADE_NUMBER)
    return {"trade_number": trade_number, "paid_at": paid_at}


def _watched(at):
    """The columns of an order that is paid from now on: when the gateway is asked about it."""
    return {"next_check_at": at + PAID_AFTER[0], "check_count": 0}


def _take_and_return(payment, trade_number, reason, *, paid_at, at):
    """Record that money arrived which cannot be used, and begin its refund."""
    logger.warning("payment %s arrived and is returned: %s", payment.reference, reason)
    engine.move(
        payment,
        PaymentAction.RETURN,
        at=at,
        due_at=paid_at,
        **_money(payment, trade_number, paid_at),
        **begun(reason, at=at),
        **AS_GATEWAY,
    )


def _why_unusable(payment, card_request, *, at):
    """Why `card_request` cannot be paid with this money, as the payer reads it; "" when it can.

    The money arrived at the moment `at`.
    """
    if card_request.status != RequestStatus.SUBMITTED:
        return f"到账时申请已是「{card_request.get_status_display()}」，款项原路退回"
    fees = fees_of(card_request, at=at)
    if fees is None and card_request.is_handed_over(at):
        return "到账前已改由本人办理，款项原路退回，请填写本人的收件信息后再支付"
    if fees is not None and fees.total_fen != payment.amount_fen:
        return "到账前收件信息有修改，金额已变化，款项原路退回，请按新的金额支付"
    return ""


def _refunded_there(payment, card_request, report, *, at):
    """Record that the gateway's side has sent all of it back, whoever asked for that.

    Returns whether the desk has to look at it: the request goes on without its money.
    """
    if payment.status in BEFORE_MONEY:
        paid_at = report.paid_at or at
        _take_and_return(payment, report.trade_number, REFUNDED_THERE, paid_at=paid_at, at=at)
    if payment.status in SENT_BACK:
        engine.move(payment, PaymentAction.FINISH_REFUND, at=at, refunded_at=at, **AS_GATEWAY)
    if not engine.is_allowed(payment, PaymentAction.GATEWAY_REFUND, role=Role.GATEWAY, at=at):
        return False
    columns = begun(REFUNDED_THERE, at=at) | {"refunded_at": at}
    engine.move(payment, PaymentAction.GATEWAY_REFUND, at=at, **columns, **AS_GATEWAY)
    return not card_request.ended_without_card and _found(
        DiscrepancyKind.REFUNDED_THERE, report, payment, report.refunded_fen, at=at
    )


@transaction.atomic
def finish_refund(*, payment, at):
    """Record that the refund, which the worker asked for, is done. Idempotent."""
    _lock(payment)
    if payment.status in SENT_BACK:
        engine.move(payment, PaymentAction.FINISH_REFUND, at=at, refunded_at=at, **AS_WORKER)


@transaction.atomic
def stall_refund(*, payment, code, at):
    """Record that the gateway refused the refund with its `code`: the desk works on it."""
    _lock(payment)
    if engine.is_allowed(payment, PaymentAction.STALL_REFUND, role=Role.WORKER, at=at):
        engine.move(
            payment, PaymentAction.STALL_REFUND, at=at, reason=refusal_words(code), **AS_WORKER
        )


@transaction.atomic
def fail(*, payment, at, reason=""):
    """Record that a try to pay failed. Not final; has no effect on money that arrived."""
    _lock(payment)
    if engine.is_allowed(payment, PaymentAction.FAIL, role=Role.GATEWAY, at=at):
        engine.move(payment, PaymentAction.FAIL, at=at, reason=reason, **AS_GATEWAY)


@transaction.atomic
def close(*, payment, by, at, reason=""):
    """Record that the order can no longer be paid. Has no effect on money that arrived."""
    _lock(payment)
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
