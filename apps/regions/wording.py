"""The terms of cities and what is open there, in the same words on every page.

Terms have their unit; several cities are a range from the least to the most.
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Value

from apps.common.money import yuan
from apps.common.templatetags.formats import day as day_words
from apps.queries.prepared import PreparedQuery
from apps.regions.models import Bank, City, CityBank, CityRule, ServiceOpening
from apps.regions.models.offers import Period


def unit(name):
    """The unit of a column of `CityRule.TERMS`: 元, 个自然日 or 个工作日."""
    if name in CityRule.FEES:
        return "元"
    return "个自然日" if name == "loss_report_days" else "个工作日"


@dataclass(frozen=True)
class Range:
    """One term over several cities. Reads 10元, or 8至10元 where they differ."""

    name: str
    least: int
    most: int

    def __str__(self):
        if self.least == self.most:
            return self.at_most
        return f"{self._number(self.least)}至{self.at_most}"

    @property
    def at_most(self):
        return f"{self._number(self.most)}{unit(self.name)}"

    def _number(self, value):
        return yuan(value).removesuffix(".00") if self.name in CityRule.FEES else str(value)


def ranges(rules):
    """Column → `Range` over the `CityRule` queryset `rules`: one query. Empty without a rule."""
    return {
        name: Range(name, least, most)
        for name, (least, most) in rules.extremes().items()
        if least is not None
    }


@dataclass(frozen=True)
class Collecting:
    """Whether the unit collects the cards of several cities: true where it does of one at least."""

    count: int
    of: int

    def __bool__(self):
        return self.count > 0

    @property
    def is_partly(self):
        return 0 < self.count < self.of


def collecting(rules):
    """The `Collecting` of the `CityRule` queryset `rules`: one query."""
    return Collecting(*rules.collected())


@dataclass(frozen=True)
class Openness:
    """Whether a service or a bank is open on a day, and what was before or comes next."""

    is_open: bool
    last_day: date | None
    """The end of the period that runs (None: for good), else of the last one that is over."""
    opens_on: date | None
    """The first day of the next period."""

    @property
    def is_closed(self):
        """Whether it was open and is no more."""
        return not self.is_open and self.last_day is not None

    def why_not(self, *, where, what, never="还没有开通"):
        """Why `what` cannot be had at `where`, without a full stop; only for what is not open.

        没有开通 and 已停办 are two things: whoever began while it was open must read the second.
        """
        if self.is_closed:
            again = f"，{day_words(self.opens_on)}起重新开通" if self.opens_on else ""
            return f"{where}已停办{what}（最后一天是{day_words(self.last_day)}）{again}"
        begins = f"，{day_words(self.opens_on)}起开通" if self.opens_on else ""
        return f"{where}{never}{what}{begins}"


_OF_SERVICE = PreparedQuery(
    lambda city, service: ServiceOpening.objects.filter(city=city, service=service),
    city=City,
    service=ServiceOpening._meta.get_field("service"),
)
_OF_BANK = PreparedQuery(
    lambda city, bank: CityBank.objects.filter(city=city, bank=bank), city=City, bank=Bank
)


def openness(periods, *, day):
    """The `Openness` on `day` of what was open in `periods`, an iterable of `Period`."""
    ordered = sorted(periods, key=lambda period: period.open_from)
    running = next((period for period in ordered if period.is_open_on(day)), None)
    over = [
        period.open_until for period in ordered if period.open_until and period.open_until < day
    ]
    coming = [period.open_from for period in ordered if period.open_from > day]
    return Openness(
        is_open=running is not None,
        last_day=running.open_until if running else max(over, default=None),
        opens_on=min(coming, default=None),
    )


def service_openness(city, service, *, day):
    """The `Openness` of `service` in `city` on `day`: a query."""
    return openness(_OF_SERVICE.read(city=city.pk, service=service), day=day)


def openness_by_city(cities, service, *, day):
    """City pk → the `Openness` of `service` there on `day`, for `cities`, a set of pks: a query."""
    periods: dict[str, list[ServiceOpening]] = {city: [] for city in cities}
    if cities:
        for period in ServiceOpening.objects.filter(city__in=cities, service=service):
            periods[period.city_id].append(period)
    return {city: openness(found, day=day) for city, found in periods.items()}


def bank_openness(city, bank, *, day):
    """The `Openness` of `bank` in `city` on `day`: a query."""
    return openness(_OF_BANK.read(city=city.pk, bank=bank.pk), day=day)


class _Days(NamedTuple):
    """The days of a `Period`."""

    open_from: date
    open_until: date | None

    def is_open_on(self, day):
        return Period.is_open_on(self, day)  # type: ignore[arg-type] # reads nothing but the days


def _of_both(city, bank, service):
    first, second = (
        rows.annotate(is_of_bank=Value(is_of_bank))
        for rows, is_of_bank in (
            (ServiceOpening.objects.filter(city=city, service=service), False),
            (CityBank.objects.filter(city=city, bank=bank), True),
        )
    )
    columns = ("is_of_bank", "open_from", "open_until")
    return first.values_list(*columns).union(second.values_list(*columns), all=True)


_OF_BOTH = PreparedQuery(
    _of_both, city=City, bank=Bank, service=ServiceOpening._meta.get_field("service")
)


def both_openness(*, city, bank, service, day):
    """(`service_openness`, `bank_openness`): one query."""
    found = asks_both_openness(city=city.pk, bank=bank.pk, service=service).read()
    of_service, of_bank = (
        [_Days(*days) for is_of_bank, *days in found if is_of_bank == wanted]
        for wanted in (False, True)
    )
    return openness(of_service, day=day), openness(of_bank, day=day)


def asks_both_openness(*, city, bank, service):
    """What `both_openness` asks for, by the keys of both, to be read together with others."""
    return _OF_BOTH.asks(city=city, bank=bank, service=service)


def last_day_of(*, city, bank, service, day):
    """The last day, after `day`, on which `service` and `bank` are both open; None for good."""
    both = both_openness(city=city, bank=bank, service=service, day=day)
    ends = [each.last_day for each in both]
    return min((end for end in ends if end is not None and end >= day), default=None)
