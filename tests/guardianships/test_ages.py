"""How old guardian and child are: at the registration, at its confirmation, and at 16."""

from datetime import date, timedelta

import pytest

from apps.people.enums import ConsentKind
from apps.people.models import (
    Consent,
    Guardianship,
    Holder,
    birthday,
    years_before,
)
from tests.factories.moments import noon
from tests.factories.people import (
    MOMENT,
    make_holder,
    make_registration,
    make_ward,
)
from tests.guardianships.decisions import confirm, refusal, refuse

pytestmark = pytest.mark.django_db

BIRTHDAYS = [date(2008, 2, 28), date(2008, 2, 29), date(2008, 3, 1), date(2010, 6, 15)]


@pytest.mark.parametrize(
    ("birth_date", "kind"),
    [
        (date(2012, 11, 2), ConsentKind.CHILDREN),
        (date(2012, 11, 1), ConsentKind.SENSITIVE),
    ],
)
def test_below_14_the_guardian_agrees_to_the_children_s_rules(birth_date, kind):
    guardianship = make_registration(make_holder(), birth_date=birth_date)
    consent = Consent.objects.get()
    assert (consent.kind, consent.holder, consent.ip) == (kind, guardianship.ward, "10.0.0.1")


def test_who_is_16_is_not_registered_and_who_turns_16_tomorrow_is():
    sixteen = date(2010, MOMENT.month, MOMENT.day)
    assert refusal(make_registration, make_holder(), birth_date=sixteen).code == "grown_up"
    make_registration(make_holder(), birth_date=sixteen + timedelta(days=1))


def test_who_is_18_today_registers_a_child_and_who_is_18_tomorrow_does_not():
    day = date(MOMENT.year - 18, MOMENT.month, MOMENT.day)
    make_registration(make_holder(birth_date=day), birth_date=date(2026, 1, 1))
    young = make_holder(birth_date=day + timedelta(days=1))
    error = refusal(make_registration, young, birth_date=date(2026, 1, 1))
    assert error.code == "too_young"
    assert "满18周岁才能登记子女" in error.message


@pytest.mark.parametrize(
    ("born", "child_born", "is_taken"),
    [
        (date(1998, 6, 1), date(2010, 11, 2), True),
        (date(2000, 6, 1), date(2012, 6, 1), True),
        (date(2000, 6, 1), date(2012, 5, 31), False),
        (date(2000, 2, 29), date(2012, 2, 29), True),
        (date(2000, 2, 29), date(2012, 2, 28), False),
        (date(2008, 1, 1), date(2010, 11, 2), False),
        (date(2008, 1, 1), date(2008, 1, 1), False),
    ],
)
def test_a_parent_is_twelve_years_older_than_the_child(born, child_born, is_taken):
    at = noon(date(2026, 1, 1)) if child_born.year > 2009 else noon(date(2023, 6, 1))
    guardian = make_holder(birth_date=born)
    if is_taken:
        assert make_registration(guardian, birth_date=child_born, at=at)
        return
    code = refusal(make_registration, guardian, birth_date=child_born, at=at).code
    assert code == "parent_age"


def test_a_registration_of_a_parent_who_is_too_young_is_not_confirmed():
    """The number of the guardian may have been corrected, or registered under another rule."""
    guardian = make_holder()
    guardianship = make_registration(guardian)
    Holder.objects.filter(pk=guardian.pk).update(birth_date=date(2007, 1, 1))
    guardianship = Guardianship.objects.get()
    error = refusal(confirm, guardianship)
    assert error.code == "parent_age"
    refuse(guardianship)


def test_who_turned_16_while_the_registration_waited_is_not_confirmed():
    guardianship = make_registration(make_holder(), birth_date=date(2010, 11, 10))
    assert refusal(confirm, guardianship, at=noon(date(2026, 11, 10))).code == "grown_up"


@pytest.mark.parametrize("born", [*BIRTHDAYS, date(2084, 2, 29)])
def test_the_query_and_the_birthday_agree_on_every_day_around_it(born):
    turns = birthday(born, years=16)
    for days in range(-3, 4):
        day = turns + timedelta(days=days)
        is_younger = born > years_before(day, 16)
        assert is_younger == (days < 0), day


@pytest.mark.parametrize("born", BIRTHDAYS)
def test_access_ends_on_the_16th_birthday_without_any_job(born):
    guardian = make_holder()
    ward = make_ward(guardian, birth_date=born)
    last = ward.own_from_date - timedelta(days=1)
    assert ward in Holder.objects.visible_to(guardian.user, at=noon(last))
    assert ward not in Holder.objects.visible_to(guardian.user, at=noon(ward.own_from_date))
