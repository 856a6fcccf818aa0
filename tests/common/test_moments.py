from datetime import UTC, date, datetime, timedelta

import pytest

from apps.common import moments


def test_a_moment_comes_back_as_it_went():
    at = datetime(2026, 11, 25, 1, 2, 3, 456789, tzinfo=UTC)
    assert moments.parse(at.isoformat()) == at


@pytest.mark.parametrize(
    "text",
    [
        "",
        "gestern",
        "2026-13-45T00:00:00+00:00",
        "2026-11-25T01:02:03",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
    ],
)
def test_whatever_was_made_of_it_meanwhile_is_none(text):
    assert moments.parse(text) is None


DAYS = [
    date(2024, 1, 10),
    date(2024, 2, 28),
    date(2024, 2, 29),
    date(2024, 3, 1),
    date(2024, 12, 31),
    date(2026, 2, 28),
    date(2026, 3, 1),
]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("period", [timedelta(days=n) for n in (15, 30, 90, 365, 730)])
def test_a_period_of_days_or_years_ends_with_its_last_day_in_both_directions(day, period):
    began = moments.start_of(day) + timedelta(hours=15)
    end = moments.kept_until(began, period)
    assert moments.day_of(end - timedelta(seconds=1)) == moments.last_day_of(day, period)
    for at in (end - timedelta(days=1), end - timedelta(seconds=1)):
        assert not began < moments.began_before(at, period)
    for at in (end, end + timedelta(hours=9), end + timedelta(days=400)):
        assert began < moments.began_before(at, period)


def test_two_years_are_two_years_also_over_a_leap_day():
    two_years = timedelta(days=730)
    assert moments.last_day_of(date(2024, 1, 10), two_years) == date(2026, 1, 10)
    assert moments.last_day_of(date(2024, 2, 29), two_years) == date(2026, 2, 28)
