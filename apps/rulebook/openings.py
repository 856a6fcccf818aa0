"""Changes of the services and banks of a city; see changes.py for what a change is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from apps.common.templatetags.formats import day as day_words
from apps.regions import services as regions
from apps.regions.enums import Service
from apps.regions.models import Bank, City, CityBank, ServiceOpening
from apps.rulebook import impact
from apps.rulebook.changes import ChangeLine


@dataclass(frozen=True)
class OpeningKind:
    """The differences between services and banks. `key` names the argument and the column."""

    key: str
    open: Callable[..., Any]
    close: Callable[..., Any]
    of_opened: Callable[..., list[impact.Group]]
    of_closed: Callable[..., list[impact.Group]]

    def label(self, what):
        return f"「{Service(what).label}」" if self.key == "service" else what.name

    def code(self, what):
        return what.code if isinstance(what, Bank) else str(what)

    def facts(self, verb, what, *, before, after):
        """What the event of a change says; `before` and `after` are `_days` or None."""
        return {
            "what": f"{self.key}_{verb}",
            self.key: self.code(what),
            "name": self.label(what),
            "before": before,
            "after": after,
        }


KINDS = {
    "service": OpeningKind(
        "service",
        regions.open_service,
        regions.close_service,
        impact.of_opened_service,
        impact.of_closed_service,
    ),
    "bank": OpeningKind(
        "bank",
        regions.open_bank,
        regions.close_bank,
        impact.of_opened_bank,
        impact.of_closed_bank,
    ),
}
PERIODS: dict[str, type[ServiceOpening] | type[CityBank]] = {
    "service": ServiceOpening,
    "bank": CityBank,
}


def _days(period):
    return {"open_from": period.open_from, "open_until": period.open_until}


def span(open_from, open_until):
    return (
        f"{day_words(open_from)}至{day_words(open_until)}"
        if open_until
        else f"{day_words(open_from)}起"
    )


@dataclass(frozen=True)
class Opened:
    city: City
    kind: OpeningKind
    what: Any
    open_from: date
    open_until: date | None
    note: str

    @property
    def cities(self):
        return [self.city]

    @property
    def title(self):
        return f"{self.city.name}开通{self.kind.label(self.what)}"

    def apply(self, *, by, at):
        period = self.kind.open(
            city=self.city,
            **{self.kind.key: self.what},
            open_from=self.open_from,
            open_until=self.open_until,
            by=by,
            at=at,
        )
        facts = self.kind.facts("opened", self.what, before=None, after=_days(period))
        return {self.city.pk: facts}

    def lines(self):
        after = span(self.open_from, self.open_until)
        return [ChangeLine(self.city.name, self.kind.label(self.what), "这段时间没有开通", after)]

    def warnings(self):
        if isinstance(self.what, Bank) and not self.what.has_nationwide_branches:
            return ["这家银行没有全国性服务网点，申请人看得到，但不能在网上申领它的社保卡。"]
        return []

    def groups(self, *, at):
        return self.kind.of_opened(self.city, self.what, at=at)


@dataclass(frozen=True)
class Closed:
    city: City
    kind: OpeningKind
    what: Any
    open_until: date
    note: str

    @property
    def cities(self):
        return [self.city]

    @property
    def title(self):
        return f"{self.city.name}停办{self.kind.label(self.what)}"

    def _period(self):
        periods = PERIODS[self.kind.key].objects.filter(
            **{"city": self.city, self.kind.key: self.what}
        )
        return periods.open_on(self.open_until).first()

    def apply(self, *, by, at):
        before = self._period()
        period = self.kind.close(
            city=self.city, **{self.kind.key: self.what}, open_until=self.open_until, by=by, at=at
        )
        facts = self.kind.facts("closed", self.what, before=_days(before), after=_days(period))
        return {self.city.pk: facts}

    def lines(self):
        period = self._period()
        return [
            ChangeLine(
                self.city.name,
                self.kind.label(self.what),
                span(period.open_from, period.open_until),
                span(period.open_from, self.open_until),
            )
        ]

    def warnings(self):
        return []

    def groups(self, *, at):
        return self.kind.of_closed(self.city, self.what, at=at)


@dataclass(frozen=True)
class WithdrawnOpening:
    """An opening that has not begun is withdrawn."""

    period: Any
    kind: OpeningKind
    note: str

    @property
    def cities(self):
        return [self.period.city]

    @property
    def what(self):
        what = getattr(self.period, self.kind.key)
        return Service(what) if self.kind.key == "service" else what

    @property
    def title(self):
        return f"{self.period.city.name}撤回{self.kind.label(self.what)}的开通"

    def apply(self, *, by, at):
        regions.withdraw_opening(period=self.period, by=by, at=at)
        facts = self.kind.facts("withdrawn", self.what, before=_days(self.period), after=None)
        return {self.period.city_id: facts}

    def lines(self):
        before = span(self.period.open_from, self.period.open_until)
        return [ChangeLine(self.period.city.name, self.kind.label(self.what), before, "不开通")]

    def warnings(self):
        return []

    def groups(self, *, at):
        return self.kind.of_closed(self.period.city, self.what, at=at)
