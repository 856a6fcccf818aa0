from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.guardianships.services import refuse
from apps.people.models import Guardianship, Holder, User, years_before
from apps.typed_text.id_numbers import age
from tests.factories.moments import noon
from tests.factories.people import (
    MOMENT,
    make_guardianship,
    make_holder,
    make_registration,
    make_reviewer,
    make_user,
    make_ward,
)

pytestmark = pytest.mark.django_db
BIRTH = date(2012, 2, 29)


def test_years_before_agrees_with_the_age_on_every_day_around_the_leap_days():
    for year in (2027, 2028, 2029, 2030):
        for shift in range(-3, 4):
            day = date(year, 2, 28) + timedelta(days=shift)
            for years in (1, 2, 3, 4, 14, 16):
                last = years_before(day, years)
                assert age(last, day=day) == years
                assert age(last + timedelta(days=1), day=day) == years - 1


@pytest.mark.parametrize(
    ("day", "is_active"),
    [(date(2012, 3, 1), True), (date(2028, 2, 28), True), (date(2028, 2, 29), False)],
)
def test_guardianship_ends_on_the_sixteenth_birthday_and_no_job_is_needed(day, is_active):
    guardian = make_holder()
    ward = make_ward(guardian, birth_date=BIRTH)
    assert Guardianship.objects.active(at=noon(day)).filter(ward=ward).exists() == is_active
    assert (ward in Holder.objects.visible_to(guardian.user, at=noon(day))) == is_active


def test_a_user_sees_the_own_person_and_the_own_wards_only():
    guardian, other = make_holder(), make_holder()
    ward = make_ward(guardian)
    make_ward(other)
    visible = Holder.objects.visible_to(guardian.user, at=MOMENT)
    assert set(visible) == {guardian, ward}


def test_an_account_without_a_person_sees_nobody():
    make_ward(make_holder())
    assert not Holder.objects.visible_to(make_user(), at=MOMENT).exists()


@pytest.mark.parametrize("answer", ["none", "refused"])
def test_a_guardianship_that_hr_has_not_confirmed_shows_nothing(answer):
    guardian = make_holder()
    guardianship = make_registration(guardian)
    if answer == "refused":
        refuse(guardianship=guardianship, reason="证明看不清", by=make_reviewer(), at=MOMENT)
    assert guardianship.ward not in Holder.objects.visible_to(guardian.user, at=MOMENT)


def test_a_child_may_have_two_guardians_but_each_only_once():
    mother, father = make_holder(sex="2"), make_holder()
    ward = make_ward(father)
    make_guardianship(mother, ward)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_guardianship(mother, ward)


def test_nobody_is_their_own_guardian():
    holder = make_holder()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_guardianship(holder, holder)


def test_an_id_number_belongs_to_one_person():
    holder = make_holder()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_holder(id_number=holder.id_number)


def test_a_phone_belongs_to_one_account_but_a_child_may_share_it():
    holder = make_holder(phone="13900001234")
    make_holder(user=False, phone="13900001234")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_holder(phone=holder.phone)


@pytest.mark.parametrize("typed", ["t 2021007", "Ｔ２０２１００７", " T2021007 "])
def test_an_employee_number_has_one_spelling(typed):
    assert User.objects.create_user(typed).employee_number == "T2021007"


def test_an_account_without_a_password_lets_nobody_in():
    assert not User.objects.create_user("T2021007").has_usable_password()


def test_every_department_is_listed_once_and_in_order(db):
    for department in ("数学学院", "", "信息学院", "数学学院"):
        make_holder(department=department)
    assert Holder.objects.departments() == sorted(["信息学院", "数学学院"])


def test_departments_cost_one_query_however_many_people_they_have(db, django_assert_num_queries):
    for _ in range(5):
        make_holder()
    with django_assert_num_queries(1):
        assert Holder.objects.departments() == ["信息学院"]
