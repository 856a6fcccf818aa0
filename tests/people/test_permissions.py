"""Who is too near to a case: the check and the queryset give one answer, whatever the case."""

from itertools import product

import pytest

from apps.cards.enums import CardStatus, RequestStatus
from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.guardianships import services as guardianships
from apps.people.models import Guardianship, Holder
from apps.people.permissions import is_party, near_keys, without_party
from apps.replacement.models import FormalLoss
from apps.replacement.services import declare
from tests.factories.cards import AT, make_card, make_request
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


@pytest.fixture
def town():
    """People in every relation to each other, with cases of all kinds of each of them."""
    father, mother, stranger = make_holder(), make_holder(sex="2"), make_holder()
    child = make_ward(father)
    make_guardianship(mother, child)
    refused = make_registration(stranger)
    guardianships.refuse(guardianship=refused, reason="看不清", by=make_reviewer(), at=MOMENT)
    make_registration(mother, id_number=refused.ward.id_number)
    make_request(RequestStatus.ACCEPTED, holder=child, by=father.user)
    for holder in (father, stranger):
        make_request(RequestStatus.ACCEPTED, holder=holder)
    card = make_card(CardStatus.ACTIVE, holder=mother)
    declare(card=card, lost_date=day_of(AT), place="操场", receipt_number="", by=mother.user, at=AT)
    return [father.user, mother.user, stranger.user, make_user(), make_reviewer()]


def test_one_case_a_queryset_and_a_list_are_judged_alike(town):
    answers = set()
    for user, model in product(town, (CardRequest, FormalLoss, Guardianship)):
        cases = list(model.objects.order_by("pk"))
        free = set(without_party(model.objects.all(), user))
        near = near_keys(cases, user)
        assert cases
        for subject in cases:
            answer = is_party(user, subject)
            assert (subject.pk in near) == answer == (subject not in free)
            assert answer == is_party(user, Holder.objects.get(pk=person_of(subject)))
            answers.add((model, answer))
    assert len(answers) == 6


def person_of(subject):
    return subject.lifecycle.holder_id_of(subject)


def test_whoever_ever_registered_a_child_is_near_and_who_filled_in_a_request_too(town):
    father, mother, stranger, nobody, _ = town
    card_request = CardRequest.objects.filter(holder__user=None).get()
    assert [is_party(user, card_request) for user in town] == [True, True, False, False, False]
    guardianship = Guardianship.objects.refused().get()
    assert [is_party(user, guardianship) for user in town] == [False, True, True, False, False]
    CardRequest.objects.filter(pk=card_request.pk).update(applicant=nobody)
    card_request.refresh_from_db()
    assert is_party(nobody, card_request)
    assert card_request not in without_party(CardRequest.objects.all(), nobody)
    assert near_keys([card_request], nobody) == {card_request.pk}


def test_the_other_guardian_of_a_child_is_near_once_hr_has_confirmed_both(town):
    father, mother, *_ = town
    of_mother = FormalLoss.objects.get()
    assert [is_party(user, of_mother) for user in town] == [True, True, False, False, False]
    of_father = CardRequest.objects.get(holder=father.holder)
    assert of_father not in without_party(CardRequest.objects.all(), mother)


def test_who_registers_a_child_is_no_relative_of_its_guardian_before_hr_has_confirmed_it():
    father, somebody = make_holder(), make_holder()
    child = make_ward(father)
    make_registration(somebody, name=child.name, id_number=child.id_number)
    assert is_party(somebody.user, child)
    assert not is_party(somebody.user, father)
    assert not is_party(father.user, somebody)


def test_a_list_costs_one_query(town, django_assert_num_queries):
    cases = list(CardRequest.objects.all())
    with django_assert_num_queries(1):
        near_keys(cases, town[0])
