"""The port to the card bureau (制卡中心): hand over a batch, fetch reports.

`get_bureau()` returns the adapter that the setting CARD_BUREAU names.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class OrderLine:
    """One card to make, as the bureau is told."""

    reference: str
    city_code: str
    bank_code: str
    is_pickup: bool


@dataclass(frozen=True)
class Report:
    """What the bureau says about one order. `kind` is a `ReportKind`; `at` is the bureau's time."""

    reference: str
    order_reference: str
    kind: str
    at: datetime
    card_number: str = ""
    carrier: str = ""
    tracking_number: str = ""
    failure: str = ""


class BureauUnavailable(Exception):
    """The bureau cannot be reached now; the batch stays in the queue."""


class Bureau(Protocol):
    def submit(self, batch_reference: str, lines: list[OrderLine], *, at: datetime) -> None:
        """Hand over a batch. Handing it over again changes nothing. Raises `BureauUnavailable`."""

    def fetch(self, *, at: datetime) -> Iterable[Report]:
        """All reports up to `at` that were not acknowledged. Raises `BureauUnavailable`."""

    def acknowledge(self, reports: list[Report]) -> None:
        """Tell the bureau that these reports are safely stored."""


def get_bureau() -> Bureau:
    return import_string(settings.CARD_BUREAU)()
