"""The port to a payment gateway: the calls of the portal and the answers of the gateway."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string


class GatewayUnavailable(Exception):
    """No answer, or one that cannot be verified: the state of the order is unknown. Ask later."""


class NotVerified(Exception):
    """A notification that is not from the gateway, or not for this portal."""


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


@dataclass(frozen=True)
class GatewayReport:
    """A verified answer. Number, amount and time of the trade are there only if it is paid."""

    reference: str
    state: TradeState
    trade_number: str = ""
    amount_fen: int | None = None
    paid_at: datetime | None = None


class Gateway(Protocol):
    """All calls but `pay_url` and `read_notification` use the network: never in a transaction.

    These raise `GatewayUnavailable`.
    """

    form_action: tuple[str, ...]  # origins that the payer's browser is sent to

    def pay_url(self, order: GatewayOrder, *, is_mobile: bool, at: datetime) -> str:
        """The signed address of the cashier page."""

    def read_notification(self, fields: dict[str, str]) -> GatewayReport:
        """The report in a notification. Raises `NotVerified` if it is not genuine or not for us."""

    def query(self, reference: str, *, at: datetime) -> GatewayReport:
        """The present state of the order."""

    def close(self, reference: str, *, at: datetime) -> GatewayReport:
        """Close the order, so that nobody can pay it. Returns PAID if it is paid already."""

    def refund(self, reference: str, *, amount_fen: int, reason: str, at: datetime) -> bool:
        """Refund the whole amount. Returns True when it is done, False while it is under way.

        Idempotent: a second call for the same order refunds nothing more.
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
    """The name of the gateway for new orders."""
    return settings.PAYMENT_GATEWAY
