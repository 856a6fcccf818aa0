"""支付宝: 电脑网站支付 and 手机网站支付, and the calls to ask, close and refund.

Requests are signed over all fields but `sign`, notifications over all but `sign` and `sign_type`,
answers over the text of their object exactly as it stands in the JSON.
"""

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings

from apps.common.money import yuan
from apps.gateways import bill_file, certificates, rsa2, wire
from apps.gateways.answers import read_answer, read_fen
from apps.gateways.port import (
    BillNotThere,
    GatewayRefused,
    GatewayReport,
    GatewayUnavailable,
    NotVerified,
    TradeState,
    Unreadable,
)

logger = logging.getLogger(__name__)

BEIJING = ZoneInfo("Asia/Shanghai")
TIME_FORMAT = "%Y-%m-%d %H:%M:%S"
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
# Documents and gateway write the code in different ways.
NO_BILL = re.compile(r"(?i)bill[-_]not[-_]exist")
# How far the clocks of both sides may be apart when trades of a time are asked for.
CLOCKS_DIFFER_BY = timedelta(hours=1)


class AlipayGateway:
    """Configured by ALIPAY_APP_ID, ALIPAY_SELLER_ID, ALIPAY_PUBLIC_KEY and PORTAL_PAYMENT_KEY.

    In certificate mode three certificates take the place of ALIPAY_PUBLIC_KEY.
    """

    # A form that leads there passes several hosts of theirs.
    form_action: tuple[str, ...] = ("https://*.alipay.com", "https://*.alipaydev.com")
    # 企业微信 names both.
    blocked_in = {"wxwork": "企业微信", "MicroMessenger": "微信"}
    pages_with_quit_url = frozenset({"alipay.trade.wap.pay"})
    states = STATES
    # Those of the certificates: ours and the root, as requests name them, and the platform's.
    serials: Mapping[str, str] = MappingProxyType({})
    platform_serial = ""

    def __init__(self):
        self.url = settings.ALIPAY_GATEWAY_URL
        self.app_id = settings.ALIPAY_APP_ID
        self.seller_id = settings.ALIPAY_SELLER_ID
        self.private_key = settings.PORTAL_PAYMENT_KEY
        self.platform_key = settings.ALIPAY_PUBLIC_KEY
        if settings.ALIPAY_CERT:
            self._use_certificates()

    def _use_certificates(self):
        """Certificate mode: requests name our certificate and the root, answers the platform's."""
        roots = settings.ALIPAY_ROOT_CERT
        self.platform_key = certificates.vouched_key(settings.ALIPAY_CERT, roots=roots)
        self.platform_serial = certificates.serial(settings.ALIPAY_CERT)
        self.serials = {
            "app_cert_sn": certificates.serial(settings.ALIPAY_APP_CERT),
            "alipay_root_cert_sn": certificates.root_serial(roots),
        }

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

    def query_paid(self, reference, *, between, at):
        report = self.query(reference, at=at)
        if report.state is not TradeState.PAID:
            return report
        try:
            return replace(report, refunded_fen=self._refunded_fen(report, between, at=at))
        except (GatewayUnavailable, ValueError) as error:
            # What the query said counts all the same; the bill is asked for again next time.
            logger.warning("no bill of %s: %s", reference, error)
            return report

    def _refunded_fen(self, report, between, *, at):
        """What the bill says was sent back. The answer to a query names no partial refund."""
        began_at, ended_at = between
        content = {
            "merchant_order_no": report.reference,
            "start_time": _beijing(began_at - CLOCKS_DIFFER_BY),
            "end_time": _beijing(ended_at + CLOCKS_DIFFER_BY),
        }
        bill = self._succeeded(self._call("alipay.data.bill.sell.query", content, at=at))
        rows = bill.get("detail_list") or []
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise ValueError("unreadable bill")
        of_trade = (row for row in rows if row.get("alipay_order_no") == report.trade_number)
        return max((read_fen(row.get("refund_amount") or "0") for row in of_trade), default=0)

    def bill(self, day, *, at):
        # The address is good for 30 seconds, so it is asked for anew with every try.
        content = {"bill_type": "trade", "bill_date": day.isoformat()}
        answer = self._call("alipay.data.dataservice.bill.downloadurl.query", content, at=at)
        if NO_BILL.search(str(answer.get("sub_code"))):
            raise BillNotThere(answer["sub_code"])
        url = self._succeeded(answer).get("bill_download_url") or ""
        try:
            return wire.get_file(url)
        except wire.WireError as error:
            raise GatewayUnavailable(str(error)) from error

    def read_bill(self, data, *, day=None):
        found = bill_file.read(data, day=day)
        if not found.account.startswith(self.seller_id):
            raise bill_file.UnreadableBill("这是另一个商户的账单，请用本单位商户账户下载。")
        return found

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
            **self.serials,
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
            serial = json.loads(body).get("alipay_cert_sn", self.platform_serial)
        except ValueError as error:
            raise GatewayUnavailable("unreadable answer") from error
        if serial != self.platform_serial:
            raise GatewayUnavailable("answer signed with another certificate: renew ALIPAY_CERT")
        if not rsa2.is_signed(text, signature, self.platform_key):
            raise GatewayUnavailable("answer not signed by the gateway")
        return answer

    @staticmethod
    def _succeeded(answer):
        if answer.get("code") != "10000":
            raise GatewayUnavailable(f"{answer.get('code')} {answer.get('sub_code', '')}")
        return answer


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
