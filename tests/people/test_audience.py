"""Whom the events of a person reach."""

from datetime import date, datetime

import pytest
from django.utils.timezone import get_current_timezone

from apps.people.audience import accounts_of
from tests.factories.people import make_holder

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("day", [date(2024, 2, 28), date(2024, 2, 29), date(2026, 2, 28)])
def test_people_hear_for_themselves_from_the_day_on_that_ends_what_a_guardian_may(day):
    at = datetime(day.year, day.month, day.day, 12, tzinfo=get_current_timezone())
    births = [(2, 27), (2, 28), (3, 1), (3, 2), *([(2, 29)] if day.year == 2024 else [])]
    people = [make_holder(birth_date=date(day.year - 16, *birth)) for birth in births]
    of_age = {holder.pk: [holder.user_id] for holder in people if holder.is_of_age(at)}
    assert of_age
    assert accounts_of([holder.pk for holder in people], at=at) == of_age
