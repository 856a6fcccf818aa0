"""Who hears of a new phone: the owners of the numbers before it as well."""

from datetime import timedelta

import pytest

from apps.notices import services
from apps.people.models import Holder
from apps.people.services import enter_staff_member
from tests.factories.people import MOMENT, make_id_number, make_reviewer

pytestmark = pytest.mark.django_db
FIRST, SECOND, THIRD = "13800000001", "13800000002", "13800000003"


@pytest.fixture
def change():
    entry = {"employee_number": "N1", "id_number": make_id_number(), "by": make_reviewer()}

    def enter(phone, at=MOMENT):
        enter_staff_member(particulars={"name": "张超", "phone": phone}, at=at, **entry)

    enter(FIRST)
    return enter


def told(phones, at=MOMENT):
    """The numbers that hear of the changes so far."""
    services.collect(at=at, limit=9)
    services.send_due(at=at, limit=9)
    return {phone for phone, text in phones if "手机号已变更" in text}


def test_two_changes_before_anything_was_sent_are_told_to_all_three(change, phones):
    change(SECOND)
    change(THIRD)
    assert told(phones) == {FIRST, SECOND, THIRD}


def test_a_number_of_long_ago_hears_of_nothing(change, phones, settings):
    later = MOMENT + settings.NEW_PHONE_WAIT + timedelta(seconds=1)
    change(SECOND)
    change(THIRD, at=later)
    assert Holder.objects.get().former_phone == SECOND


def test_a_number_that_is_back_is_no_former_one(change, phones):
    change(SECOND)
    change(FIRST)
    assert Holder.objects.get().former_phone == SECOND
