from datetime import date

import chinese_calendar
import pytest

from apps.common.working_days import add_working_days, count_working_days


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


def test_a_promise_across_a_new_year_not_announced_yet_falls_back_to_weekdays():
    assert add_working_days(date(2098, 12, 31), 3) == date(2099, 1, 5)


@pytest.mark.parametrize(
    ("day", "count", "promised"),
    [
        # 2027 is not announced yet: Monday to Friday, New Year's Day (a Friday) included.
        (date(2026, 12, 30), 1, date(2026, 12, 31)),
        (date(2026, 12, 30), 2, date(2027, 1, 1)),
        (date(2026, 12, 31), 2, date(2027, 1, 4)),
        (date(2026, 12, 28), 10, date(2027, 1, 11)),
    ],
)
def test_a_promise_across_new_year_2027(monkeypatch, day, count, promised):
    known = chinese_calendar.is_workday

    def only_until_2026(day):
        if day.year > 2026:
            raise NotImplementedError
        return known(day)

    monkeypatch.setattr(chinese_calendar, "is_workday", only_until_2026)
    assert add_working_days(day, count) == promised


@pytest.mark.parametrize("count", [0, 1, 4, 30])
@pytest.mark.parametrize("day", [date(2026, 9, 25), date(2026, 11, 28), date(2026, 12, 30)])
def test_counting_is_the_counterpart_of_adding(day, count):
    assert count_working_days(day, add_working_days(day, count)) == count


def test_nothing_is_counted_backwards():
    assert count_working_days(date(2026, 11, 25), date(2026, 11, 23)) == 0
