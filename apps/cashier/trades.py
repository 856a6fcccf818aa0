"""The cashier's side of an order: opening it from the signed link, paying it, and queries."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from apps.cashier.enums import PAYABLE, AfterPayment, TradeStatus
from apps.cashier.models import SandboxNotice, SandboxTrade
from apps.common.money import yuan
from apps.common.references import new_reference
from apps.gateways import rsa2
from apps.gateways.alipay import BEIJING, TIME_FORMAT
from apps.gateways.answers import read_fen
from apps.gateways.sandbox import APP_ID, SELLER_ID


class BadOrder(Exception):
    """The link is not signed by the portal, or contradicts an order that is known already."""


def is_open():
    """Whether the sandbox is the gateway in use. If not, the cashier does not answer."""
    return settings.PAYMENT_GATEWAY == "sandbox"


def is_signed(fields):
    """Whether the portal signed `fields` for this cashier."""
    portal = rsa2.public_part(settings.PORTAL_PAYMENT_KEY)
    text = rsa2.canonical(fields)
    return fields.get("app_id") == APP_ID and rsa2.is_signed(text, fields.get("sign", ""), portal)


@transaction.atomic
def open_trade(content, *, notify_url, return_url, at):
    """The trade of the order `content`, new or known. Raises `BadOrder`."""
    try:
        values = {
            "trade_number": f"{at.astimezone(BEIJING):%Y%m%d}{new_reference()}",
            "amount_fen": read_fen(content["total_amount"]),
            "subject": content["subject"],
            "notify_url": notify_url,
            "return_url": return_url,
            "quit_url": content.get("quit_url", ""),
            "trade_status": TradeStatus.WAIT_BUYER_PAY,
            "created_at": at,
            "expires_at": datetime.strptime(content["time_expire"], TIME_FORMAT).replace(
                tzinfo=BEIJING
            ),
        }
        number = content["out_trade_no"]
    except (KeyError, TypeError, ValueError) as error:
        raise BadOrder("订单内容不完整，请返回商户重新下单。") from error
    trade, _ = SandboxTrade.objects.get_or_create(
        app_id=APP_ID, order_number=number, defaults=values
    )
    if trade.amount_fen != values["amount_fen"]:
        raise BadOrder("同一个订单号的金额不一致，请返回商户重新下单。")
    return trade


def is_payable(trade, *, at):
    return trade.trade_status in PAYABLE and trade.expires_at > at


@transaction.atomic
def settle(trade, trade_status, *, delay_seconds, copies, at, refuses_refund=False):
    """Record that the payer paid, or that a try failed, and queue `copies` of the notification.

    `refuses_refund`: a later refund will be refused.

    Returns False, and does nothing, if the trade can no longer be paid.
    """
    payable = SandboxTrade.objects.filter(pk=trade.pk, trade_status__in=PAYABLE, expires_at__gt=at)
    paid_at = at if TradeStatus(trade_status).is_paid else None
    changes = {"trade_status": trade_status, "paid_at": paid_at, "refuses_refund": refuses_refund}
    if not payable.update(**changes):
        return False
    trade.refresh_from_db()
    _queue(trade, at=at, delay=timedelta(seconds=delay_seconds), copies=copies)
    return True


def _queue(trade, *, at, delay=timedelta(0), copies=1, **changes):
    """Queue `copies` of the notification of `trade`, with `changes` of its fields."""
    fields = _notification(trade, at=at) | changes
    SandboxNotice.objects.bulk_create(
        SandboxNotice(trade=trade, fields=fields, next_try_at=at + delay) for _ in range(copies)
    )


def is_paid(trade):
    return TradeStatus(trade.trade_status).is_paid


@transaction.atomic
def go_on(trade, what, *, at):
    """What the platform does by itself after the payment: `what` is one of `AfterPayment`."""
    if what == AfterPayment.SECOND_TRADE:
        _queue(trade, at=at, trade_no=f"{at.astimezone(BEIJING):%Y%m%d}{new_reference()}")
    elif what == AfterPayment.REFUND_PART:
        if _give_back_part(trade):
            _tell_of_refund(trade, trade.amount_fen // 2, at=at)
    elif _give_back(trade, f"platform-{trade.token}", at=at):
        _tell_of_refund(trade, trade.amount_fen, at=at)


def _tell_of_refund(trade, refunded_fen, *, at):
    trade.refresh_from_db()
    _queue(trade, at=at, refund_fee=yuan(refunded_fen), gmt_refund=_beijing(at))


def _notification(trade, *, at):
    fields = {
        "notify_id": new_reference(),
        "notify_type": "trade_status_sync",
        "notify_time": _beijing(at),
        "charset": "utf-8",
        "version": "1.0",
        "sign_type": "RSA2",
        "app_id": trade.app_id,
        "seller_id": SELLER_ID,
        "out_trade_no": trade.order_number,
        "trade_no": trade.trade_number,
        "trade_status": trade.trade_status,
        "total_amount": yuan(trade.amount_fen),
        "subject": trade.subject,
    }
    return fields | ({"gmt_payment": _beijing(trade.paid_at)} if trade.paid_at else {})


def signed(fields):
    """The notification `fields` with the cashier's signature."""
    text = rsa2.canonical(fields, without=("sign", "sign_type"))
    return fields | {"sign": rsa2.sign(text, settings.SANDBOX_CASHIER_KEY)}


NO_SUCH_TRADE = {"code": "40004", "msg": "Business Failed", "sub_code": "ACQ.TRADE_NOT_EXIST"}
WRONG_STATUS = {"code": "40004", "msg": "Business Failed", "sub_code": "ACQ.TRADE_STATUS_ERROR"}
NO_BALANCE = {
    "code": "40004",
    "msg": "Business Failed",
    "sub_code": "ACQ.SELLER_BALANCE_NOT_ENOUGH",
}
WRONG_AMOUNT = {
    "code": "40004",
    "msg": "Business Failed",
    "sub_code": "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL",
}


@transaction.atomic
def answer(method, content, *, at):
    """The answer to an API call. An unknown order is refused like an invalid one."""
    number = content.get("out_trade_no") or content.get("merchant_order_no") or ""
    trade = SandboxTrade.objects.filter(app_id=APP_ID, order_number=number).first()
    if trade is None:
        return NO_SUCH_TRADE
    verbs = {
        "alipay.trade.query": _query,
        "alipay.trade.close": _close,
        "alipay.trade.refund": _refund,
        "alipay.trade.fastpay.refund.query": _refund_query,
        "alipay.data.bill.sell.query": _bill_of_order,
    }
    return verbs[method](trade, content, at)


def _success(trade, **more):
    known = {"out_trade_no": trade.order_number, "trade_no": trade.trade_number}
    return {"code": "10000", "msg": "Success"} | known | more


def _query(trade, content, at):
    paid = {"send_pay_date": _beijing(trade.paid_at)} if trade.paid_at else {}
    return _success(
        trade, trade_status=trade.trade_status, total_amount=yuan(trade.amount_fen), **paid
    )


def _close(trade, content, at):
    open_trades = SandboxTrade.objects.filter(pk=trade.pk, trade_status__in=PAYABLE)
    if not open_trades.update(trade_status=TradeStatus.TRADE_CLOSED):
        return WRONG_STATUS
    return _success(trade)


def _refund(trade, content, at):
    if trade.refund_number:
        is_same = content.get("out_request_no") == trade.refund_number
        return _success(trade, fund_change="N") if is_same else WRONG_STATUS
    if _fen(content.get("refund_amount")) != trade.amount_fen - trade.refunded_fen:
        return WRONG_AMOUNT
    if trade.refuses_refund:
        return NO_BALANCE
    if not _give_back(trade, content.get("out_request_no", ""), at=at):
        return WRONG_STATUS
    _tell_of_refund(trade, trade.amount_fen, at=at)
    return _success(trade, fund_change="Y", refund_fee=yuan(trade.amount_fen))


def _give_back(trade, number, *, at):
    """Send the money of a paid trade back. Returns whether this call did it."""
    paid = SandboxTrade.objects.filter(
        pk=trade.pk, trade_status=TradeStatus.TRADE_SUCCESS, refund_number=""
    )
    return paid.update(refund_number=number, refunded_at=at, trade_status=TradeStatus.TRADE_CLOSED)


def _give_back_part(trade):
    """Send half of the money back, once; the trade stays paid. Returns whether this call did it."""
    paid = SandboxTrade.objects.filter(
        pk=trade.pk, trade_status=TradeStatus.TRADE_SUCCESS, refunded_fen=0
    )
    return paid.update(refunded_fen=trade.amount_fen // 2)


def _fen(text):
    """The amount in fen, or None for what is none."""
    try:
        return read_fen(text)
    except ValueError:
        return None


def _refund_query(trade, content, at):
    if trade.refund_number and content.get("out_request_no") == trade.refund_number:
        return _success(trade, refund_status="REFUND_SUCCESS")
    return _success(trade)


def _bill_of_order(trade, content, at):
    whole = trade.amount_fen if trade.refund_number else trade.refunded_fen
    row = {
        "alipay_order_no": trade.trade_number,
        "merchant_order_no": trade.order_number,
        "total_amount": yuan(trade.amount_fen),
        "refund_amount": yuan(whole),
    }
    is_within = content["start_time"] <= _beijing(trade.created_at) < content["end_time"]
    found = [row] if is_within and trade.paid_at else []
    return {"code": "10000", "msg": "Success", "detail_list": found}


def _beijing(moment):
    return f"{moment.astimezone(BEIJING):{TIME_FORMAT}}"
