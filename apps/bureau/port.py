"""The port to the card bureaus (制卡中心): hand over a batch, fetch reports.

One bureau makes the cards of all cities (CARD_BUREAU), except where CITY_BUREAUS names another one
for a city; FURTHER_BUREAUS says which adapter that is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.db.models import Q
from django.db.models.fields.files import FieldFile
from django.utils.module_loading import import_string

from apps.encryption import sealed_boxes


@dataclass(frozen=True)
class OrderLine:
    """One card to make, as the bureau is told.

    `particulars` (column → text, see `order_lines.columns`) and `portrait` are personal data. An
    adapter may use them; `repr` does not show them.
    """

    reference: str
    city_code: str
    bank_code: str
    is_pickup: bool
    is_by_unit: bool
    particulars: Mapping[str, str] = field(default_factory=dict, repr=False)
    portrait: FieldFile | None = field(default=None, repr=False)


@dataclass(frozen=True)
class SentFile:
    """A file that was sent for a batch."""

    name: str
    sha256: str


@dataclass(frozen=True)
class OrderReport:
    """What the bureau says about one order. `kind` is a `ReportKind`; `at` is the bureau's time."""

    reference: str
    order_reference: str
    kind: str
    at: datetime
    card_number: str = ""
    carrier: str = ""
    tracking_number: str = ""
    failure: str = ""


@dataclass(frozen=True)
class ReportLine:
    """A line of a report file: its `report`, or None and a sentence in `fault`."""

    number: int
    content: str = field(repr=False)
    report: OrderReport | None = None
    fault: str = ""


@dataclass(frozen=True)
class ReportFile:
    """A file of the bureau. If it has a `refusal`, it was not read at all."""

    name: str
    sha256: str
    lines: tuple[ReportLine, ...] = ()
    refusal: str = ""


class BureauUnavailable(Exception):
    """The bureau cannot be reached now; the batch stays in the queue. The reason is in Chinese."""


class LinesUnusable(Exception):
    """Some lines can't be sent as they are; nothing was sent. `faults`: {order reference: why}."""

    def __init__(self, faults):
        super().__init__(f"{len(faults)} lines")
        self.faults = faults


MAIN = "main"


class Bureau(Protocol):
    """Made with the name of a bureau: an adapter may serve several bureaus."""

    takes_addresses: bool
    """Whether it can be told a new address for an order that it has already."""

    wants_particulars: bool
    """Whether `submit` needs the personal data of the lines; without need it is not read."""

    def submit(
        self, batch_reference: str, lines: list[OrderLine], *, created_at: datetime, at: datetime
    ) -> list[SentFile]:
        """Send the batch that was made at `created_at`. Returns the `SentFile`s, if there are any.

        Idempotent. Raises `BureauUnavailable`; `LinesUnusable` where some of the lines can't be
        sent, so that the others can leave without them.
        """

    def tell_address(self, name: str, line: OrderLine, *, at: datetime) -> list[SentFile]:
        """Send the new address of an order under `name`, which is that of this change.

        Idempotent. Raises `BureauUnavailable`. Called only where it `takes_addresses`.
        """

    def fetch(self, *, at: datetime) -> Iterable[ReportFile]:
        """All reports up to `at` that were not acknowledged. Raises `BureauUnavailable`."""

    def acknowledge(self, file: ReportFile) -> None:
        """Tell the bureau that a file is safely stored, or that it was refused."""

    def forget(self, *, before: datetime) -> None:
        """Delete the files that were exchanged before `before`, as far as the portal has access."""


def bureau_names():
    """Every bureau that the settings know, the main one first."""
    return [MAIN, *settings.FURTHER_BUREAUS]


def get_bureau(name: str = MAIN) -> Bureau:
    """The adapter of the bureau `name`. Raises `BureauUnavailable` where no setting names it."""
    if name == MAIN:
        return import_string(settings.CARD_BUREAU)(name)
    if name not in settings.FURTHER_BUREAUS:
        raise BureauUnavailable(f"门户里没有配置「{name}」制卡中心。")
    return import_string(settings.FURTHER_BUREAUS[name])(name)


def public_key_of(name):
    """The key for which files for the bureau `name` are sealed; None where it gave us none."""
    text = (
        settings.BUREAU_PUBLIC_KEY if name == MAIN else settings.FURTHER_BUREAU_KEYS.get(name, "")
    )
    return sealed_boxes.read_public(text) if text else None


def of_bureau(name):
    """The condition on a request that the bureau `name` makes its card."""
    elsewhere = settings.CITY_BUREAUS
    if name == MAIN:
        return ~Q(city__in=list(elsewhere)) if elsewhere else Q()
    return Q(city__in=[city for city, bureau in elsewhere.items() if bureau == name])
