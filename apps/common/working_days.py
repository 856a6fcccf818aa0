"""Working days, for promises: one calendar, which every promised day is counted by.

What is known of a day, the first that says something: the uploaded arrangement of its year, the
years that chinese_calendar knows, and for other years the weekdays without the days that may be off
(`holidays.possible`). So a promise into a year that is not announced yet is rather too late than
too early.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache

import chinese_calendar

from apps.common import holidays
from apps.common.moments import start_of

_ONE_DAY = timedelta(days=1)
_FRIDAY = 4
_DECEMBER = 12
# A calendar may be kept as long as the process: how many answers it keeps.
_MOST_FOUND = 20_000
# The library compares each day that it is asked about with all that it knows.
_is_workday = cache(chinese_calendar.is_workday)
# The years whose arrangement chinese_calendar knows.
LIBRARY_YEARS = frozenset(day.year for day in chinese_calendar.holidays)


@dataclass(frozen=True)
class WorkingCalendar:
    """`arranged` says of single days whether people work; `years` are those it is complete for."""

    arranged: Mapping[date, bool] = field(default_factory=dict)
    years: frozenset[int] = frozenset()
    # What was found: a list asks about the same few days for every row, and so do many pages.
    _found: dict[date, bool] = field(default_factory=dict, repr=False, compare=False)
    _added: dict[tuple[date, int], date] = field(default_factory=dict, repr=False, compare=False)
    _begun: dict[tuple[date, int], datetime] = field(
        default_factory=dict, repr=False, compare=False
    )

    def is_working(self, day):
        """Whether people work on `day`, as far as that is known."""
        works = self._found.get(day)
        if works is None:
            works = _keep(self._found, day, self._is_working(day))
        return works

    def _is_working(self, day):
        if day in self.arranged:
            return self.arranged[day]
        if day.year in LIBRARY_YEARS - self.years:
            works = _is_workday(day)
        else:
            works = day.weekday() <= _FRIDAY
        return works and not self._may_be_off(day)

    def is_announced(self, day):
        """Whether it is settled what kind of day `day` is."""
        return self._knows(day.year) and not self._may_be_off(day)

    def missing_years(self, today):
        """The years whose arrangement should be known on `today`, and is not.

        Promises of December reach into the next year. Its arrangement is usually announced in
        November, in the last ten years by 8 December.
        """
        last = today.year + (today.month == _DECEMBER)
        return [year for year in range(today.year, last + 1) if not self._knows(year)]

    def add(self, day, count):
        """The `count`-th working day after `day`; `day` itself when `count` is 0."""
        key = day, count
        found = self._added.get(key)
        if found is not None:
            return found
        while count > 0:
            day += _ONE_DAY
            count -= self.is_working(day)
        return _keep(self._added, key, day)

    def begun_before(self, today, count):
        key = today, count
        if key not in self._begun:
            day = today
            while self.add(day - _ONE_DAY, count) >= today:
                day -= _ONE_DAY
            self._begun[key] = start_of(day)
        return self._begun[key]

    def _knows(self, year):
        return year in self.years or year in LIBRARY_YEARS

    def _may_be_off(self, day):
        """Whether `day` may be off by an arrangement that is not announced."""
        # The arrangement of a year begins in the last days of the year before.
        return any(
            not self._knows(year) and day in holidays.possible(year)
            for year in (day.year, day.year + 1)
        )


def _keep(found, key, value):
    """Keep `value` for `key`, and return it. Several threads may do so at once."""
    if len(found) >= _MOST_FOUND:
        found.clear()
    found[key] = value
    return value


# Reads what was uploaded. The room that keeps it fills this in (`AppConfig.ready`).
_source: list[Callable[[], WorkingCalendar]] = [WorkingCalendar]
_kept: ContextVar[list[WorkingCalendar] | None] = ContextVar("working_calendar", default=None)


def register_source(source):
    """Have `source()` called for the calendar that promises are counted by."""
    _source[:] = [source]


@contextmanager
def read_once() -> Iterator[None]:
    """Read the calendar at most once in this block: a request, or a task that counts much."""
    if _kept.get() is not None:
        yield
        return
    token = _kept.set([])
    try:
        yield
    finally:
        _kept.reset(token)


def current():
    """The `WorkingCalendar` that promises are counted by."""
    kept = _kept.get()
    if kept is None:
        return _source[0]()
    if not kept:
        kept.append(_source[0]())
    return kept[0]


def know(calendar):
    """Count by `calendar` in this block of `read_once`, unless the calendar was read in it before.

    For a page whose own query has carried the uploaded days along.
    """
    kept = _kept.get()
    if kept is not None and not kept:
        kept.append(calendar)


class CalendarMiddleware:
    """Reads the calendar at most once for each request, and only where a page needs it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with read_once():
            return self.get_response(request)


def is_announced(day):
    """Whether it is settled what kind of day `day` is: no arrangement can move it any more."""
    return current().is_announced(day)


def add_working_days(day, count):
    """The `count`-th working day after `day`; `day` itself when `count` is 0."""
    return current().add(day, count)


def begun_before(today, count):
    """What began before this moment has had its `count` working days, and `today` is later."""
    return current().begun_before(today, count)


def count_working_days(start, end):
    """How many working days lie after `start` up to and with `end`; 0 when `end` is not later.

    The inverse of `add_working_days`: from `start` to add_working_days(start, n) it counts n.
    """
    calendar = current()
    days = (start + timedelta(days=number) for number in range(1, (end - start).days + 1))
    return sum(calendar.is_working(day) for day in days)
