"""The uploaded arrangement of holidays, read by itself and carried along by another query."""

from datetime import date

import pytest

from apps.common import working_days
from apps.regions.enums import DayKind
from apps.regions.models import City
from apps.regions.models.holidays import ArrangedDay, know_days, present_calendar
from apps.regions.services import arrange_year
from tests.factories.cards import AT
from tests.factories.regions import make_city

pytestmark = pytest.mark.django_db
FRIDAY, SATURDAY = date(2031, 1, 3), date(2031, 1, 4)


def arrange(days):
    kinds = {day: (kind, "元旦") for day, kind in days.items()}
    arrange_year(year=2031, days=kinds, by=None, at=AT)


def carried():
    """What a query of something else carries along."""
    cities = City.objects.annotate(arranged_days=ArrangedDay.objects.carried())
    return cities.values_list("arranged_days", flat=True).first()


@pytest.fixture(autouse=True)
def city():
    return make_city()


def test_carried_days_are_counted_as_those_that_are_read(django_assert_num_queries):
    arrange({FRIDAY: DayKind.OFF, SATURDAY: DayKind.WORK})
    text, read = carried(), present_calendar()
    with django_assert_num_queries(0), working_days.read_once():
        know_days(text)
        assert working_days.current() == read
        assert working_days.add_working_days(date(2031, 1, 2), 1) == SATURDAY


def test_without_an_upload_no_days_are_carried():
    with working_days.read_once():
        know_days(carried())
        assert working_days.current() == present_calendar() == working_days.WorkingCalendar()


def test_another_upload_is_another_calendar():
    arrange({FRIDAY: DayKind.OFF})
    first = present_calendar()
    assert first.add(date(2031, 1, 2), 1) == date(2031, 1, 6)
    arrange({SATURDAY: DayKind.WORK})
    for calendar in (present_calendar(), *known(carried())):
        assert calendar.add(date(2031, 1, 2), 1) == FRIDAY
        assert calendar != first


def known(text):
    with working_days.read_once():
        know_days(text)
        yield working_days.current()


def test_a_calendar_that_was_read_stays_the_one_of_the_request():
    with working_days.read_once():
        read = working_days.current()
        arrange({FRIDAY: DayKind.OFF})
        know_days(carried())
        assert working_days.current() is read


def test_a_calendar_keeps_a_limited_number_of_answers(monkeypatch):
    monkeypatch.setattr(working_days, "_MOST_FOUND", 3)
    calendar = working_days.WorkingCalendar()
    for count in range(20):
        calendar.add(SATURDAY, count)
    assert len(calendar._added) <= 3
    assert len(calendar._found) <= 3
