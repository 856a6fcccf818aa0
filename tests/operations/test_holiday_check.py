"""Whether the operators are told in time that the holidays of a year are missing."""

from datetime import date

import pytest

from apps.common import working_days
from apps.operations.enums import State
from apps.regions.enums import DayKind
from apps.regions.models import ArrangedDay
from tests.factories.moments import noon
from tests.operations.finding import found

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def until_2026(monkeypatch):
    """As if nobody had announced a later year yet."""
    years = frozenset(year for year in working_days.LIBRARY_YEARS if year <= 2026)
    monkeypatch.setattr(working_days, "LIBRARY_YEARS", years)


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 11, 30), State.OK),
        (date(2026, 12, 1), State.WARN),
        (date(2026, 12, 19), State.WARN),
        (date(2026, 12, 20), State.BAD),
        (date(2027, 5, 1), State.BAD),
    ],
)
def test_a_year_without_its_holidays_is_told_before_it_begins(day, state):
    assert found("holidays", noon(day)).state == state


def test_it_names_the_years_until_they_are_uploaded():
    at = noon(date(2027, 12, 25))
    assert found("holidays", at).says.startswith("2027、2028 年的放假安排还没有上传")
    upload(2027)
    assert found("holidays", at).says.startswith("2028 年的放假安排还没有上传")
    upload(2028)
    assert found("holidays", at).state == State.OK


def upload(year):
    ArrangedDay.objects.create(year=year, day=date(year, 1, 1), kind=DayKind.OFF, name="元旦")
