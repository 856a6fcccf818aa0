"""The port to a payment gateway: the calls of the portal and the answers of the gateway."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from apps.gateways.bill_file import BillFile


class GatewayUnavailable(Exception):
    """No answer, or one that cannot be verified: the state of the order is unknown. Ask later."""


class GatewayRefused(GatewayUnavailable):
    """The gateway answered, and will not do it: a person has to look at it.

    The text is its code, as "ACQ.SELLER_BALANCE_NOT_ENOUGH".
    """


class BillNotThere(GatewayUnavailable):
    """The gateway has no bill of that day: it is not made yet, or nothing was traded."""


# What the codes of a `GatewayRefused` mean, for the desk.
_REFUSALS = {
    "ACQ.SELLER_BALANCE_NOT_ENOUGH": "商户账户余额不足",
    "ACQ.TRADE_HAS_FINISHED": "交易已经超过可以退款的期限",
    "ACQ.TRADE_STATUS_ERROR": "交易现在的状态不能退款",
    "ACQ.TRADE_NOT_EXIST": "支付平台没有这笔交易",
    "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL": "退款金额超过了可退的金额",
    "ACQ.REASON_TRADE_REFUND_FEE_ERR": "退款金额无效",
    "ACQ.TRADE_NOT_ALLOW_REFUND": "这笔交易不允许退款",
    "ACQ.BUYER_ERROR": "付款人的账户异常",
    "ACQ.CUSTOMER_VALIDATE_ERROR": "付款人的账户已注销或不能收款",
}


def refusal_words(code):
    """Why the gateway refused, in words, with its code."""
    known = _REFUSALS.get(code)
    return f"支付平台拒绝退款：{known}（{code}）" if known else f"支付平台拒绝退款（{code}）"


def trouble_words(error):
    """The words for the desk about a stored `error`: the name of an exception, and its text."""
    name, _, text = error.partition(": ")
    if name == GatewayRefused.__name__:
        return refusal_words(text)
    return f"支付平台没有回应（{error}）" if error else ""


class NotVerified(Exception):
    """A notification that is not from the gateway, or not for this portal."""


class Unreadable(NotVerified):
    """It is from the gateway and for this portal, but a value in it cannot be read."""


class TradeState(Enum):
    """What a gateway says about an order."""

    UNKNOWN = "unknown"  # the payer never arrived there
    WAITING = "waiting"
    FAILED = "failed"
    PAID = "paid"
    CLOSED = "closed"


@dataclass(frozen=True)
class GatewayOrder:
    """What a gateway needs to take a payment. URLs are absolute, the amount is in fen."""

    reference: str
    subject: str
    amount_fen: int
    expires_at: datetime
    notify_url: str
    return_url: str
    quit_url: str = ""  # where somebody who gives up comes back to


@dataclass(frozen=True)
class GatewayReport:
    """A verified answer. Number, amount and time of the trade are there only if it is paid.

    `refunded_fen` is how much the gateway has sent back, whoever asked for that. A paid order from
    which all went back is CLOSED there.
    """

    reference: str
    state: TradeState
    trade_number: str = ""
    amount_fen: int | None = None
    paid_at: datetime | None = None
    refunded_fen: int = 0

    @property
    def tells_of_money(self):
        """Whether the order was paid, wherever the money went afterwards."""
        return self.state is TradeState.PAID or self.refunded_fen > 0

    def about_paid(self, trade_number):
        """The same about a trade of which we know that it was paid.

        Only a refund of all of it closes such a trade, whether the answer says so or not.
        """
        is_closed = self.state is TradeState.CLOSED and self.trade_number == trade_number
        if not is_closed or self.tells_of_money or self.amount_fen is None:
            return self
        return replace(self, refunded_fen=self.amount_fen)


class Gateway(Protocol):
    """All calls but `pay_url` and those that read use the network: never in a transaction.

    These raise `GatewayUnavailable`.
    """

    form_action: tuple[str, ...]  # origins that the payer's browser is sent to
    blocked_in: Mapping[str, str]  # word in a User-Agent → the app whose browser blocks it

    def pay_url(self, order: GatewayOrder, *, is_mobile: bool, at: datetime) -> str:
        """The signed address of the cashier page."""

    def read_notification(self, fields: dict[str, str]) -> GatewayReport:
        """The report in a notification.

        Raises `NotVerified` if it is not genuine or not for us, else `Unreadable`.
        """

    def query(self, reference: str, *, at: datetime) -> GatewayReport:
        """The present state of the order."""

    def query_paid(
        self, reference: str, *, between: tuple[datetime, datetime], at: datetime
    ) -> GatewayReport:
        """The present state of a paid order, with what was sent back of it in parts.

        The payer was at the gateway `between` these two moments.
        """

    def close(self, reference: str, *, at: datetime) -> GatewayReport:
        """Close the order, so that nobody can pay it.

        The report tells of money if it is paid already.
        """

    def refund(self, reference: str, *, amount_fen: int, reason: str, at: datetime) -> bool:
        """Refund all that is left of the order. Returns True when it is done, False while it is
        under way.

        Idempotent: a second call for the same order refunds nothing more. Raises also
        `GatewayRefused`.
        """

    def bill(self, day: date, *, at: datetime) -> bytes:
        """The file with the trades of `day`, for `read_bill`. Raises also `BillNotThere`."""

    def read_bill(self, data: bytes, *, day: date | None = None) -> BillFile:
        """The bill in a file, of `day` if one is asked for. No network.

        Raises `bill_file.UnreadableBill`.
        """


ADAPTERS = {
    "sandbox": "apps.gateways.sandbox.SandboxGateway",
    "alipay": "apps.gateways.alipay.AlipayGateway",
}


def get_gateway(name) -> Gateway:
    """The adapter of that name, with the present settings."""
    if name not in ADAPTERS:
        raise ImproperlyConfigured(
            f"PAYMENT_GATEWAY is {name!r}; it must be one of {', '.join(ADAPTERS)}"
        )
    return import_string(ADAPTERS[name])()


def current_gateway_name():
    """The name of the gateway for new orders."""
    return settings.PAYMENT_GATEWAY


def blocking_app(name, user_agent):
    """The app whose browser (`user_agent`) blocks the gateway `name`; "" for other browsers."""
    blocked_in = get_gateway(name).blocked_in
    named = user_agent.casefold()
    return next((app for word, app in blocked_in.items() if word.casefold() in named), "")
