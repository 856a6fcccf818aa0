"""Two at once about one child: whatever the order, one request and two guardians at most."""

import pytest
from django.utils import timezone

from apps.application import wards
from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.guardianships import services as guardianships
from apps.people.enums import Sex
from apps.people.models import Guardianship, Holder
from tests.contests import at_once
from tests.factories.people import (
    MOMENT,
    make_guardianship,
    make_holder,
    make_id_number,
    make_registration,
    make_reviewer,
    make_ward,
)
from tests.factories.regions import make_bank, make_city

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROUNDS = range(4)


@pytest.mark.parametrize("round_number", ROUNDS)
def test_two_guardians_begin_one_request(round_number):
    father, mother = make_holder(), make_holder(sex=Sex.FEMALE)
    ward = make_ward(father)
    make_guardianship(mother, ward)
    where = {"city": make_city(), "bank": make_bank()}

    def begin(guardian):
        child = Holder.objects.get(pk=ward.pk)
        wards.start(ward=child, **where, by=guardian.user, at=timezone.now())

    refused = at_once(lambda: begin(father), lambda: begin(mother))
    assert refused == []
    assert CardRequest.objects.filter(holder=ward).count() == 1


@pytest.mark.parametrize("round_number", ROUNDS)
def test_two_guardians_register_a_child_that_nobody_knows_yet(round_number):
    father, mother = make_holder(), make_holder(sex=Sex.FEMALE)
    number = make_id_number(birth_date=day_of(MOMENT).replace(year=2018), sex=Sex.FEMALE)
    refused = at_once(
        lambda: make_registration(father, id_number=number),
        lambda: make_registration(mother, id_number=number),
    )
    assert refused == []
    assert Guardianship.objects.get(guardian=father).ward.guardians.count() == 2


@pytest.mark.parametrize("round_number", ROUNDS)
def test_two_tabs_never_pass_the_limit_of_children(round_number, settings):
    settings.GUARDIAN_MAX_WARDS = 1
    guardian = make_holder()
    refused = at_once(lambda: make_registration(guardian), lambda: make_registration(guardian))
    assert [refusal.code for refusal in refused] == ["too_many_wards"]
    assert Guardianship.objects.filter(guardian=guardian).count() == 1


def confirm(guardianship):
    own = Guardianship.objects.get(pk=guardianship.pk)
    guardianships.confirm(guardianship=own, by=make_reviewer(), at=MOMENT)


@pytest.mark.parametrize("round_number", ROUNDS)
def test_two_reviewers_confirm_a_third_guardian_once(round_number):
    number = make_id_number(birth_date=day_of(MOMENT).replace(year=2018), sex=Sex.FEMALE)
    first, second, third = (make_registration(make_holder(), id_number=number) for _ in range(3))
    confirm(first)
    refused = at_once(lambda: confirm(second), lambda: confirm(third))
    assert [refusal.code for refusal in refused] == ["two_guardians"]
    assert Guardianship.objects.confirmed().filter(ward=first.ward).count() == 2


@pytest.mark.parametrize("round_number", ROUNDS)
def test_a_registration_is_confirmed_or_refused_never_both(round_number):
    guardianship = make_registration(make_holder())
    reviewer = make_reviewer()

    def refuse():
        own = Guardianship.objects.get(pk=guardianship.pk)
        guardianships.refuse(guardianship=own, reason="看不清", by=reviewer, at=MOMENT)

    refused = at_once(lambda: confirm(guardianship), refuse)
    assert [refusal.code for refusal in refused] == ["decided"]
