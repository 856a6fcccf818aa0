from datetime import date, timedelta
from itertools import pairwise

import chinese_calendar
import pytest

from apps.common import holidays, working_days
from apps.common.working_days import (
    LIBRARY_YEARS,
    WorkingCalendar,
    add_working_days,
    count_working_days,
)

ONE_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def nothing_uploaded(monkeypatch):
    monkeypatch.setattr(working_days, "_source", [WorkingCalendar])


def days_of(year):
    return [date(year, 1, 1) + number * ONE_DAY for number in range(365)]


@pytest.fixture
def until_2026(monkeypatch):
    """As if nobody had announced a later year yet."""
    years = frozenset(year for year in LIBRARY_YEARS if year <= 2026)
    monkeypatch.setattr(working_days, "LIBRARY_YEARS", years)


@pytest.mark.parametrize(
    ("day", "count", "promised"),
    [
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
        (date(2026, 11, 23), 3, date(2026, 11, 26)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),
        (date(2025, 9, 30), 1, date(2025, 10, 9)),  # eight days of holidays
        (date(2025, 9, 26), 1, date(2025, 9, 28)),  # a Sunday that is worked
    ],
)
def test_holidays_and_make_up_days_count(day, count, promised):
    assert add_working_days(day, count) == promised


@pytest.mark.parametrize(
    ("day", "count", "promised"),
    [
        (date(2026, 12, 30), 1, date(2026, 12, 31)),
        (date(2026, 12, 30), 2, date(2027, 1, 4)),  # 1 January is off in every year
        (date(2026, 12, 28), 10, date(2027, 1, 12)),
        (date(2027, 2, 2), 1, date(2027, 2, 15)),  # the week of 春节, and the days beside it
        (date(2027, 4, 2), 1, date(2027, 4, 6)),  # 清明 on a Monday
        (date(2027, 4, 30), 1, date(2027, 5, 6)),
        (date(2027, 6, 8), 1, date(2027, 6, 10)),  # 端午 on a Wednesday
        (date(2027, 9, 30), 1, date(2027, 10, 11)),
        (date(2029, 12, 28), 1, date(2030, 1, 2)),  # a Monday before 元旦 on a Tuesday
        (date(2098, 12, 31), 3, date(2099, 1, 7)),
    ],
)
def test_before_a_year_is_announced_no_promise_falls_on_a_day_that_may_be_off(
    until_2026, day, count, promised
):
    assert add_working_days(day, count) == promised


def test_what_is_promised_before_is_never_earlier_than_what_was_announced():
    """For the years since the present pattern of holidays: announced, and as if not announced."""
    announced, guessed = WorkingCalendar(), WorkingCalendar()
    for year in range(2019, 2027):
        unknown = LIBRARY_YEARS - {year, year + 1}
        for day in days_of(year)[:-10]:
            with pytest.MonkeyPatch.context() as patch:
                later = announced.add(day, 3)
                patch.setattr(working_days, "LIBRARY_YEARS", unknown)
                assert guessed.add(day, 3) >= later, day


@pytest.mark.parametrize("year", [2025, 2026])
def test_every_statutory_day_was_announced_as_off(year):
    """Of the years since the regulation gave 除夕 and 2 May."""
    assert [d for d in holidays.statutory(year) if not chinese_calendar.is_holiday(d)] == []
    assert len(holidays.statutory(year)) == 13


@pytest.mark.parametrize("year", [2027, 2033, 2060, 2099])
def test_the_statutory_days_of_every_year_are_known(year):
    named = holidays.statutory(year)
    assert {date(year, 1, 1), date(year, 5, 2), date(year, 10, 3)} <= named.keys()
    spring = sorted(day for day, name in named.items() if name == holidays.SPRING)
    assert all(after - before == ONE_DAY for before, after in pairwise(spring))
    assert len(spring) == 4
    assert date(year, 1, 20) <= spring[1] <= date(year, 2, 21)
    assert {day.month for day, name in named.items() if name == holidays.QINGMING} == {4}


def test_days_of_a_year_that_is_not_announced_may_move(until_2026):
    assert working_days.is_announced(date(2026, 12, 31))
    assert not working_days.is_announced(date(2027, 1, 4))


@pytest.mark.parametrize(
    ("today", "missing"),
    [
        (date(2026, 11, 30), []),
        (date(2026, 12, 1), [2027]),
        (date(2027, 1, 1), [2027]),
        (date(2027, 12, 1), [2027, 2028]),
    ],
)
def test_a_year_is_missing_from_the_december_before_it(until_2026, today, missing):
    assert WorkingCalendar().missing_years(today) == missing
    assert WorkingCalendar({}, frozenset({2027, 2028})).missing_years(today) == []


def test_an_uploaded_year_is_counted_as_it_says(until_2026):
    table = {date(2027, 1, 1): False, date(2027, 1, 2): True, date(2026, 12, 31): False}
    calendar = WorkingCalendar(table, frozenset({2027}))
    assert calendar.add(date(2026, 12, 30), 1) == date(2027, 1, 2)
    assert calendar.is_working(date(2027, 2, 5))  # the table doesn't say that it is off
    assert calendar.is_announced(date(2027, 3, 1))
    assert not calendar.is_announced(date(2028, 1, 3))


def test_the_calendar_is_read_once_in_a_block(monkeypatch):
    reads = []
    monkeypatch.setattr(working_days, "_source", [lambda: reads.append(1) or WorkingCalendar()])
    with working_days.read_once():
        assert reads == []
        add_working_days(date(2026, 11, 23), 3)
        count_working_days(date(2026, 11, 23), date(2026, 11, 30))
    assert len(reads) == 1
    add_working_days(date(2026, 11, 23), 3)
    assert len(reads) == 2


@pytest.mark.parametrize("count", [0, 1, 4, 30])
@pytest.mark.parametrize("day", [date(2026, 9, 25), date(2026, 11, 28), date(2026, 12, 30)])
def test_counting_is_the_counterpart_of_adding(day, count):
    assert count_working_days(day, add_working_days(day, count)) == count


def test_nothing_is_counted_backwards():
    assert count_working_days(date(2026, 11, 25), date(2026, 11, 23)) == 0
