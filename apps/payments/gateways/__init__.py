"""The port to a payment gateway: what the portal asks, and what it is told."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string


class GatewayUnavailable(Exception):
    """No answer, or one that cannot be trusted: nothing is known, ask again later."""


class NotVerified(Exception):
    """A notification that is not the gateway's, or not meant for us."""


class TradeState(Enum):
    """What a gateway says about an order."""

    UNKNOWN = "unknown"  # the payer never arrived there
    WAITING = "waiting"
    FAILED = "failed"
    PAID = "paid"
    CLOSED = "closed"


@dataclass(frozen=True)
class GatewayOrder:
    """What a gateway must know to take money: addresses are absolute, the amount is in fen."""

    reference: str
    subject: str
    amount_fen: int
    expires_at: datetime
    notify_url: str
    return_url: str


@dataclass(frozen=True)
class GatewayReport:
    """What a gateway says, verified. Number, amount and time of a trade only where it is paid."""

    reference: str
    state: TradeState
    trade_number: str = ""
    amount_fen: int | None = None
    paid_at: datetime | None = None


class Gateway(Protocol):
    """Every call but `pay_url` and `read_notification` goes over the wire: never in a transaction.

    They raise `GatewayUnavailable`.
    """

    form_action: tuple[str, ...]  # origins that the payer's browser is sent to

    def pay_url(self, order: GatewayOrder, *, is_mobile: bool, at: datetime) -> str:
        """The signed address of the cashier page."""

    def read_notification(self, fields: dict[str, str]) -> GatewayReport:
        """Raises `NotVerified` unless signature, application and seller are right."""

    def query(self, reference: str, *, at: datetime) -> GatewayReport:
        """What became of the order."""

    def close(self, reference: str, *, at: datetime) -> GatewayReport:
        """Let nobody pay the order any more. Answers PAID when it is too late for that."""

    def refund(self, reference: str, *, amount_fen: int, reason: str, at: datetime) -> bool:
        """Send all the money back; True when it is done, False while it is on its way.

        Asked again for the same order, nothing is paid out twice.
        """


ADAPTERS = {
    "sandbox": "apps.payments.gateways.sandbox.SandboxGateway",
    "alipay": "apps.payments.gateways.alipay.AlipayGateway",
}


def get_gateway(name) -> Gateway:
    """The adapter of that name, with the present settings."""
    if name not in ADAPTERS:
        raise ImproperlyConfigured(
            f"PAYMENT_GATEWAY is {name!r}; it must be one of {', '.join(ADAPTERS)}"
        )
    return import_string(ADAPTERS[name])()


def current_gateway_name():
    """Where new orders go."""
    return settings.PAYMENT_GATEWAY
