"""What happens to money in the demo town, through the portal's own services.

One thing is replaced: what the cashier says is passed to the portal directly, because no web server
runs yet.
"""

import copy
import json
from contextlib import suppress
from urllib.parse import parse_qsl, urlencode, urlsplit

from apps.bills import services as bills
from apps.cashier import bills as cashier_bills
from apps.cashier import trades
from apps.cashier.enums import TradeStatus
from apps.cashier.models import SandboxTrade
from apps.common.moments import day_of
from apps.common.money import yuan
from apps.gateways.port import GatewayRefused
from apps.payments import notifications, settlement
from apps.payments import services as payments
from apps.payments.amounts import fees_of
from apps.payments.asking import noting_errors
from apps.payments.models import Payment


def pay(card_request, at, *, refuses_refund=False):
    """Order, pay at the cashier, and pass its signed notification to the portal."""
    started = payments.start(
        card_request=card_request,
        amount_fen=fees_of(card_request, at=at).total_fen,
        subject="社会保障卡邮寄费",
        by=card_request.applicant,
        at=at,
    )
    order = dict(parse_qsl(urlsplit(started.url).query))
    trade = trades.open_trade(
        json.loads(order["biz_content"]),
        notify_url=order["notify_url"],
        return_url=order["return_url"],
        at=at,
    )
    trades.settle(
        trade,
        TradeStatus.TRADE_SUCCESS,
        delay_seconds=0,
        copies=1,
        refuses_refund=refuses_refund,
        at=at,
    )
    fields = trades.signed(trade.notices.get().fields)
    notifications.receive(
        gateway=started.payment.gateway, fields=fields, body=urlencode(fields), at=at
    )
    trade.notices.update(delivered_at=at)
    card_request.read_again()


def pay_without_a_way_back(card_request, at):
    """Pay where the merchant's account will have no balance for a refund."""
    pay(card_request, at, refuses_refund=True)


def refuse_refund(card_request, at):
    """The cashier answers to the refund that has begun, and refuses it."""
    payment = Payment.objects.not_back_yet().get(card_request=card_request)
    content = {
        "out_trade_no": payment.reference,
        "out_request_no": payment.reference,
        "refund_amount": yuan(payment.amount_fen),
    }
    code = trades.answer("alipay.trade.refund", content, at=at)["sub_code"]
    with suppress(GatewayRefused), noting_errors(payment):
        raise GatewayRefused(code)
    settlement.stall_refund(payment=payment, code=code, at=at)


def bring_bills(*, at):
    """Take the cashier's bills of all days with money; the last one differs in two places."""
    paid = SandboxTrade.objects.exclude(paid_at=None).values_list("paid_at", flat=True)
    days = sorted({day_of(moment) for moment in paid if day_of(moment) < day_of(at)})
    for day in days:
        bill = bills.expect(gateway="sandbox", day=day, by=None, at=at)
        if not bill.is_waiting:
            continue
        payments, refunds = cashier_bills.trades_of(day)
        if day == days[-1]:
            payments = _with_two_differences(payments)
        data = cashier_bills.written(day, payments, refunds)
        file = bills.read(gateway="sandbox", data=data, day=day)
        bills.take(bill=bill, file=file, data=data, by=None, at=at)


def _with_two_differences(payments):
    """One payment is missing in the bill, and one stands there that nobody of ours made."""
    first, *others = payments
    stranger = copy.copy(first)
    stranger.trade_number, stranger.order_number = "2026000000STRANGER", "NOT-OURS-1"
    return [*others, stranger]
