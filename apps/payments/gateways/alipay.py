"""支付宝: 电脑网站支付 and 手机网站支付, and the calls to ask, close and refund.

Requests are signed over all fields but `sign`, notifications over all but `sign` and `sign_type`,
answers over the text of their object exactly as it stands in the JSON.
"""

import json
import re
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings

from apps.common.money import yuan
from apps.payments import rsa2, wire
from apps.payments.gateways import (
    GatewayRefused,
    GatewayReport,
    GatewayUnavailable,
    NotVerified,
    TradeState,
    Unreadable,
)

BEIJING = ZoneInfo("Asia/Shanghai")
TIME_FORMAT = "%Y-%m-%d %H:%M:%S"
# Yuan as a number; a third decimal may only be 0.
AMOUNT = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,2})0*)?")
NUMBER = re.compile(r"[!-~]{0,64}")

STATES = {
    "WAIT_BUYER_PAY": TradeState.WAITING,
    "TRADE_SUCCESS": TradeState.PAID,
    "TRADE_FINISHED": TradeState.PAID,
    "TRADE_CLOSED": TradeState.CLOSED,
}
PAID_STATES = tuple(name for name, state in STATES.items() if state is TradeState.PAID)
# Answers after which the same call may succeed by itself.
PASSING = re.compile(r"aop\.|isp\.|ACQ\.SYSTEM_ERROR")


class AlipayGateway:
    """Configured by ALIPAY_APP_ID, ALIPAY_SELLER_ID, ALIPAY_PUBLIC_KEY and PORTAL_PAYMENT_KEY."""

    # A form that leads there passes several hosts of theirs.
    form_action: tuple[str, ...] = ("https://*.alipay.com", "https://*.alipaydev.com")
    blocked_in = {"MicroMessenger": "微信"}
    pages_with_quit_url = frozenset({"alipay.trade.wap.pay"})
    states = STATES

    def __init__(self):
        self.url = settings.ALIPAY_GATEWAY_URL
        self.app_id = settings.ALIPAY_APP_ID
        self.seller_id = settings.ALIPAY_SELLER_ID
        self.private_key = settings.PORTAL_PAYMENT_KEY
        self.platform_key = settings.ALIPAY_PUBLIC_KEY

    def pay_url(self, order, *, is_mobile, at):
        method, product = (
            ("alipay.trade.wap.pay", "QUICK_WAP_WAY")
            if is_mobile
            else ("alipay.trade.page.pay", "FAST_INSTANT_TRADE_PAY")
        )
        content = {
            "out_trade_no": order.reference,
            "total_amount": yuan(order.amount_fen),
            "subject": order.subject,
            "product_code": product,
            "time_expire": _beijing(order.expires_at),
        }
        if method in self.pages_with_quit_url and order.quit_url:
            content["quit_url"] = order.quit_url
        addresses = {"notify_url": order.notify_url, "return_url": order.return_url}
        return f"{self.url}?{urlencode(self._signed(method, content, at=at, **addresses))}"

    def read_notification(self, fields):
        text = rsa2.canonical(fields, without=("sign", "sign_type"))
        if not rsa2.is_signed(text, fields.get("sign", ""), self.platform_key):
            raise NotVerified("signature")
        if fields.get("app_id") != self.app_id or fields.get("seller_id") != self.seller_id:
            raise NotVerified("addressed to somebody else")
        try:
            refunded_fen = read_fen(fields.get("refund_fee") or "0")
            return self._report(
                fields, paid_at=fields.get("gmt_payment"), refunded_fen=refunded_fen
            )
        except ValueError as error:
            raise Unreadable(str(error)) from error

    def query(self, reference, *, at):
        answer = self._call("alipay.trade.query", {"out_trade_no": reference}, at=at)
        if answer.get("sub_code") == "ACQ.TRADE_NOT_EXIST":
            return GatewayReport(reference, TradeState.UNKNOWN)
        try:
            report = self._read_answer(self._succeeded(answer))
        except ValueError as error:
            raise GatewayUnavailable(str(error)) from error
        if report.reference != reference:
            raise GatewayUnavailable("answered about another order")
        return report

    def close(self, reference, *, at):
        answer = self._call("alipay.trade.close", {"out_trade_no": reference}, at=at)
        if answer.get("sub_code") == "ACQ.TRADE_NOT_EXIST":
            return GatewayReport(reference, TradeState.UNKNOWN)
        if answer.get("code") == "10000":
            return GatewayReport(reference, TradeState.CLOSED)
        # Most likely the order is paid or closed already: the query tells which.
        report = self.query(reference, at=at)
        if report.state in {TradeState.PAID, TradeState.CLOSED}:
            return report
        raise GatewayUnavailable(f"not closed: {answer.get('sub_code')}")

    def refund(self, reference, *, amount_fen, reason, at):
        # One refund per order: the order's number serves as the refund's, so a repeated call is
        # the same refund.
        content = {
            "out_trade_no": reference,
            "refund_amount": yuan(amount_fen),
            "out_request_no": reference,
            "refund_reason": reason,
        }
        answer = self._call("alipay.trade.refund", content, at=at)
        if answer.get("code") != "10000":
            return self._is_refunded_there(reference, answer, amount_fen=amount_fen, at=at)
        if answer.get("fund_change") == "Y":
            return True
        content = {"out_trade_no": reference, "out_request_no": reference}
        answer = self._call("alipay.trade.fastpay.refund.query", content, at=at)
        return self._succeeded(answer).get("refund_status") == "REFUND_SUCCESS"

    def _is_refunded_there(self, reference, answer, *, amount_fen, at):
        """True if the money went back before; raises what the refusal `answer` means."""
        code = answer.get("sub_code") or answer.get("code") or ""
        if not str(answer.get("code", "")).startswith("4") or PASSING.match(code):
            raise GatewayUnavailable(code)
        try:
            report = self.query(reference, at=at)
        except GatewayUnavailable:
            report = None
        if report is not None and report.refunded_fen >= amount_fen:
            return True
        raise GatewayRefused(code)

    def _read_answer(self, answer):
        """The report in the `answer` to a query: an order closed after its payment was refunded."""
        paid_at = answer.get("send_pay_date")
        report = self._report(answer, paid_at=paid_at, refunded_fen=0)
        is_refunded = report.state is TradeState.CLOSED and paid_at
        return replace(report, refunded_fen=report.amount_fen) if is_refunded else report

    def _report(self, fields, *, paid_at, refunded_fen):
        """A `GatewayReport` from verified fields. Raises ValueError for invalid values."""
        state = self.states.get(fields.get("trade_status"))
        if state is None:
            raise ValueError("unreadable state")
        is_paid = state is TradeState.PAID or refunded_fen
        return GatewayReport(
            reference=_number(fields.get("out_trade_no", "")),
            state=state,
            trade_number=_number(fields.get("trade_no", "")),
            amount_fen=read_fen(fields.get("total_amount", "")),
            paid_at=_moment(paid_at) if is_paid and paid_at else None,
            refunded_fen=refunded_fen,
        )

    def _signed(self, method, content, *, at, **more):
        fields = {
            "app_id": self.app_id,
            "method": method,
            "format": "JSON",
            "charset": "utf-8",
            "sign_type": "RSA2",
            "timestamp": _beijing(at),
            "version": "1.0",
            "biz_content": json.dumps(content, ensure_ascii=False, separators=(",", ":")),
        } | more
        return fields | {"sign": rsa2.sign(rsa2.canonical(fields), self.private_key)}

    def _call(self, method, content, *, at):
        """The answer's object, its signature verified."""
        try:
            body = wire.post_form(self.url, self._signed(method, content, at=at))
        except wire.WireError as error:
            raise GatewayUnavailable(str(error)) from error
        name = f"{method.replace('.', '_')}_response"
        try:
            answer, text, signature = read_answer(body, name)
        except ValueError as error:
            raise GatewayUnavailable("unreadable answer") from error
        if not rsa2.is_signed(text, signature, self.platform_key):
            raise GatewayUnavailable("answer not signed by the gateway")
        return answer

    @staticmethod
    def _succeeded(answer):
        if answer.get("code") != "10000":
            raise GatewayUnavailable(f"{answer.get('code')} {answer.get('sub_code', '')}")
        return answer


def read_answer(body, name):
    """(the object `name` in the JSON `body`, its exact text, the signature beside it).

    Raises ValueError for anything else.
    """
    whole = json.loads(body)
    sign = whole.get("sign") if isinstance(whole, dict) else None
    place = re.match(rf'\s*\{{\s*(?:"sign"\s*:\s*"[^"]*"\s*,\s*)?"{re.escape(name)}"\s*:\s*', body)
    if place is None or not isinstance(sign, str):
        raise ValueError("no such object, or no signature")
    answer, end = json.JSONDecoder().raw_decode(body, place.end())
    if not isinstance(answer, dict):
        raise ValueError("not an object")
    return answer, body[place.end() : end], sign


def read_fen(text):
    """1200 for "12.00", "12.0" and "12". Raises ValueError for what is no amount in yuan."""
    amount = AMOUNT.fullmatch(str(text))
    if amount is None:
        raise ValueError("unreadable amount")
    return int(amount[1]) * 100 + int((amount[2] or "").ljust(2, "0"))


def _number(text):
    """`text` as the number of an order or a trade. Raises ValueError for what cannot be one."""
    if not NUMBER.fullmatch(text):
        raise ValueError("unreadable number")
    return text


def _beijing(moment):
    return f"{moment.astimezone(BEIJING):{TIME_FORMAT}}"


def _moment(text):
    if not text.isascii():
        raise ValueError("unreadable moment")
    return datetime.strptime(text, TIME_FORMAT).replace(tzinfo=BEIJING)
