"""What people and the worker do about payments.

`start`, `ask`, `close_running` and `send_refund` talk to a gateway: call them outside of
any transaction. The others are one transaction each.
"""

import logging
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from apps.cards.enums import RequestAction
from apps.cards.models import CardRequest
from apps.cards.permissions import role_of
from apps.common import leases
from apps.common.refusals import Refused
from apps.events.enums import Channel, Role
from apps.gateways.port import (
    GatewayOrder,
    GatewayRefused,
    GatewayUnavailable,
    current_gateway_name,
    get_gateway,
)
from apps.lifecycle import engine
from apps.payments import policies
from apps.payments.amounts import fees_of
from apps.payments.asking import LEAST_PAUSE, ask_no_more, lease, noting_errors, report_on_paid
from apps.payments.enums import GOING_BACK, SENT_BACK, PaymentAction
from apps.payments.models import Payment
from apps.payments.pauses import ASK_AFTER, PAID_AFTER, REFUND_AFTER
from apps.payments.policies import NotDue
from apps.payments.refunds import begun
from apps.payments.settlement import apply, close, finish_refund, stall_refund

logger = logging.getLogger(__name__)

# The relations of a payment that say what its request costs now. Select them along.
OF_AMOUNT = ("card_request__holder", "card_request__rule", "card_request__shipment")


class TryLater(Refused):
    """The gateway does not answer, so the state of the payment is unknown."""


class Started(NamedTuple):
    payment: Payment
    url: str  # of the gateway's cashier page


def _nothing_to_check(card_request):
    """The page showed nothing that could have changed."""


def start(
    *, card_request, amount_fen, subject, by, at, is_mobile=False, as_shown=_nothing_to_check
):
    """Begin a payment, or go on with the running one. Returns `Started(payment, url)`.

    `as_shown` is called with the locked request, and raises unless it is what the payer confirmed.
    A second call returns the same order. An order of another amount, or one that has expired, is
    closed at the gateway first. Raises `NotYours`, `NotDue`, `TryLater`.
    """
    role = role_of(by, card_request.holder, at=at)
    as_shown(card_request)
    _check_due(card_request, amount_fen, at=at)
    running = Payment.objects.running().filter(card_request=card_request).first()
    if running is not None and not _is_usable(running, amount_fen, at):
        _end(running, by=by, at=at, reason="金额已变化或订单已过期，重新下单")
    payment = _place(
        card_request=card_request,
        amount_fen=amount_fen,
        subject=subject,
        as_shown=as_shown,
        by=by,
        role=role,
        at=at,
    )
    order = _order(payment)
    url = get_gateway(payment.gateway).pay_url(order, is_mobile=is_mobile, at=at)
    if engine.is_allowed(payment, PaymentAction.SEND, role=role, at=at):
        engine.move(
            payment,
            PaymentAction.SEND,
            by=by,
            role=role,
            at=at,
            channel=Channel.WEB,
            next_check_at=at + ASK_AFTER[0],
            check_count=0,
        )
    return Started(payment, url)


def _check_due(card_request, amount_fen, *, at):
    policies.check_awaits_payment(card_request, at=at)
    fees = fees_of(card_request, at=at)
    if fees is None:
        raise policies.no_shipment(card_request, at=at)
    if amount_fen <= 0 or fees.total_fen != amount_fen:
        raise NotDue("应付金额已变化，请刷新页面核对后再支付。", code="amount")


def _is_usable(payment, amount_fen, at):
    return (
        payment.amount_fen == amount_fen
        and payment.gateway == current_gateway_name()
        and payment.expires_at > at
    )


@transaction.atomic
def _place(*, card_request, amount_fen, subject, as_shown, by, role, at):
    """The running order of `card_request`, created if there is none. Two tabs get the same one."""
    current = CardRequest.held(card_request.pk)
    as_shown(current)
    _check_due(current, amount_fen, at=at)
    running = Payment.objects.running().filter(card_request=current).first()
    if running is not None:
        return running
    payment = Payment(
        card_request=current,
        gateway=current_gateway_name(),
        subject=subject,
        amount_fen=amount_fen,
        created_at=at,
        created_by=by,
        expires_at=policies.payable_until(current, at=at),
        next_check_at=at + ASK_AFTER[0],
    )
    engine.begin(payment, PaymentAction.CREATE, by=by, role=role, at=at, channel=Channel.WEB)
    return payment


def _order(payment):
    def address(name, argument):
        return settings.PORTAL_URL + reverse(name, args=[argument])

    return_url = address("payments:return", payment.reference)
    return GatewayOrder(
        reference=payment.reference,
        subject=payment.subject,
        amount_fen=payment.amount_fen,
        expires_at=payment.expires_at,
        notify_url=address("payments:notify", payment.gateway),
        return_url=return_url,
        quit_url=f"{return_url}?quit=1",
    )


def ask(*, payment, at):
    """Ask the gateway about a running payment, and apply its answer.

    If the order has expired, its request no longer waits for it, or costs another amount, close it
    at the gateway instead. Asks at most every three seconds. Raises `GatewayUnavailable`. Select
    `OF_AMOUNT` along.
    """
    if not payment.is_running or not lease(payment, ASK_AFTER, at=at):
        return
    with noting_errors(payment):
        if payment.expires_at <= at or not _is_due(payment, at=at):
            reason = "订单已过期、申请已结束或金额已变化"
            _close_there(payment, by=None, at=at, reason=reason)
        else:
            apply(
                get_gateway(payment.gateway).query(payment.reference, at=at), payment=payment, at=at
            )


def ask_about_paid(*, payment, at):
    """Ask the gateway whether it still has the money of a paid order, and apply its answer.

    It can send back all of it or a part by itself, and its notifications can be lost. The last
    question is the first one that is answered `settings.PAID_ORDER_WATCHED` after the end of the
    request. Raises `GatewayUnavailable`. Select `card_request` along.
    """
    if not payment.is_paid or not lease(payment, PAID_AFTER, at=at):
        return
    apply(report_on_paid(payment, at=at), payment=payment, at=at)
    if not payment.is_watched_at(at):
        ask_no_more(payment)


def _is_due(payment, *, at):
    """Whether the request waits for this amount at the moment `at`."""
    fees = fees_of(payment.card_request, at=at)
    is_same = fees is not None and fees.total_fen == payment.amount_fen
    return payment.card_request.awaits_payment and is_same


def poll_soon(*, payment, at):
    """Let the worker ask about a running payment now, because the payer came back."""
    waiting = Payment.objects.running().filter(pk=payment.pk, next_check_at__gt=at)
    now = (at - LEAST_PAUSE, at + leases.CLOCKS_DIFFER_BY)
    waiting.exclude(last_checked_at__range=now).update(next_check_at=at)


def _close_there(payment, *, by, at, reason):
    """Close the order at the gateway, then here. If the gateway says it is paid, apply that."""
    report = get_gateway(payment.gateway).close(payment.reference, at=at)
    if report.tells_of_money:
        apply(report, payment=payment, at=at)
    else:
        close(payment=payment, by=by, at=at, reason=reason)


def _end(payment, *, by, at, reason):
    try:
        _close_there(payment, by=by, at=at, reason=reason)
    except GatewayUnavailable as error:
        raise TryLater(
            "支付平台暂时没有回应，请过一分钟再试。您的申请和收件信息都已保存。", code="unavailable"
        ) from error


def close_running(*, card_request, by, at):
    """Close the running order of `card_request`, if there is one. Raises `TryLater`.

    After a withdrawal the worker would do the same a little later.
    """
    running = Payment.objects.running().filter(card_request=card_request).first()
    if running is not None:
        _end(running, by=by, at=at, reason="申请不再需要支付")


def close_stale(*, card_request, by, at):
    """Close the running order of `card_request` if that costs another amount by now.

    While the gateway does not answer the worker tries again; the order is closed before a new one
    is made. Select `rule` and `shipment` along.
    """
    fees = fees_of(card_request, at=at)
    stale = Payment.objects.running().filter(card_request=card_request)
    for payment in stale.exclude(amount_fen=fees.total_fen):
        try:
            _close_there(payment, by=by, at=at, reason="金额已变化，订单作废")
        except GatewayUnavailable as error:
            logger.warning("stale order %s is not closed yet: %s", payment.reference, error)
            poll_soon(payment=payment, at=at)


@transaction.atomic
def waive(*, card_request, by, at, as_shown=_nothing_to_check):
    """Move the request on if nothing is to be paid; `as_shown` as in `start`.

    Raises `NotYours`, `NotDue`, `NotAllowed`.
    """
    role = role_of(by, card_request.holder, at=at)
    requests = CardRequest.objects.select_for_update(of=("self",)).select_related("rule")
    current = requests.get(pk=card_request.pk)
    as_shown(current)
    policies.check_in_time(current, at=at)
    fees = fees_of(current, at=at)
    if fees is None:
        raise policies.no_shipment(card_request, at=at)
    if fees.total_fen:
        raise NotDue("这件申请需要缴费，请先完成支付。", code="amount")
    engine.move(card_request, RequestAction.WAIVE, by=by, role=role, at=at, channel=Channel.WEB)


@transaction.atomic
def refund(*, payment, reason, by, at):
    """Begin the refund of a paid order; the worker sends it. Idempotent."""
    if payment.status in GOING_BACK:
        return
    engine.move(
        payment,
        PaymentAction.REFUND,
        by=by,
        role=Role.REVIEWER if by else Role.WORKER,
        at=at,
        channel=Channel.ADMIN if by else Channel.WORKER,
        **begun(reason, at=at),
    )


def send_refund(*, payment, at):
    """Ask the gateway to send back what is left of the money, and write down when it has.

    If it refuses, the desk works on the refund. Raises `GatewayUnavailable`.
    """
    if payment.status not in SENT_BACK or not lease(payment, REFUND_AFTER, at=at):
        return
    try:
        with noting_errors(payment):
            is_done = get_gateway(payment.gateway).refund(
                payment.reference,
                amount_fen=payment.rest_fen,
                reason=payment.refund_reason,
                at=at,
            )
    except GatewayRefused as refusal:
        stall_refund(payment=payment, code=str(refusal), at=at)
        return
    if is_done:
        finish_refund(payment=payment, at=at)
