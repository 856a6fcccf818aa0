from datetime import date

import pytest

from apps.common.working_days import add_working_days


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
