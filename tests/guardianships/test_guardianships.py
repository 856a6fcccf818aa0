"""Registering, confirming and refusing a guardianship, and what is kept of the proof."""

from datetime import date, timedelta

import pytest
from django.core.files.storage import default_storage

from apps.common.moments import kept_until
from apps.guardianships import services as guardianships
from apps.guardianships import tasks
from apps.people.enums import Relation, Sex
from apps.people.models import (
    Guardianship,
    GuardianshipProof,
    Holder,
)
from apps.people.services import enter_staff_member
from tests.factories.people import (
    MOMENT,
    make_guardianship,
    make_holder,
    make_id_number,
    make_registration,
    make_reviewer,
    make_ward,
)
from tests.guardianships.decisions import confirm, refusal, refuse

pytestmark = pytest.mark.django_db

MOTHER = {"sex": Sex.FEMALE, "name": "李梅"}


def test_a_registration_gives_no_access_until_it_is_confirmed():
    guardian = make_holder()
    guardianship = make_registration(guardian)
    visible = Holder.objects.visible_to(guardian.user, at=MOMENT)
    assert guardianship.ward not in visible
    confirm(guardianship)
    assert guardianship.ward in visible.all()


def test_birth_date_and_sex_follow_from_the_number():
    number = make_id_number(birth_date=date(2019, 2, 3), sex=Sex.FEMALE)
    ward = make_registration(make_holder(), id_number=number).ward
    assert (ward.birth_date, ward.sex, ward.id_number) == (date(2019, 2, 3), Sex.FEMALE, number)


@pytest.mark.parametrize(
    ("guardian_sex", "ward_sex", "relation", "words"),
    [
        (Sex.MALE, Sex.FEMALE, Relation.MOTHER_DAUGHTER, "您的性别不符"),
        (Sex.MALE, Sex.FEMALE, Relation.FATHER_SON, "应为「父女」"),
        (Sex.FEMALE, Sex.MALE, Relation.MOTHER_DAUGHTER, "应为「母子」"),
        (Sex.UNSTATED, Sex.MALE, Relation.MOTHER_DAUGHTER, "应为「母子」"),
    ],
)
def test_the_relation_has_to_fit_both_sexes(guardian_sex, ward_sex, relation, words):
    number = make_id_number(birth_date=date(2018, 6, 1), sex=ward_sex)
    guardian = make_holder(sex=Sex.MALE)
    Holder.objects.filter(pk=guardian.pk).update(sex=guardian_sex)
    error = refusal(
        guardianships.register,
        name="张乐",
        id_number=number,
        relation=relation,
        proof_kind="1",
        pictures=[b"x"],
        ip=None,
        by=guardian.user,
        at=MOMENT,
    )
    assert error.code == "relation"
    assert words in error.message


@pytest.mark.parametrize("pictures", [[], [b"x"] * 7])
def test_a_registration_comes_with_one_to_six_pictures(pictures):
    assert refusal(make_registration, make_holder(), pictures=pictures).code == "pictures"


def test_an_account_of_nobody_registers_nothing():
    holder = make_holder()
    reviewer = make_reviewer()
    assert refusal(make_registration, holder, by=reviewer).code == "no_holder"


def test_the_same_child_is_registered_once_and_again_after_a_refusal():
    guardian = make_holder()
    guardianship = make_registration(guardian)
    number = guardianship.ward.id_number
    assert refusal(make_registration, guardian, id_number=number).code == "registered"
    refuse(guardianship)
    again = make_registration(guardian, id_number=number)
    confirm(again)
    assert Guardianship.objects.active(at=MOMENT).get() == again


def test_a_guardian_has_at_most_so_many_children(settings):
    settings.GUARDIAN_MAX_WARDS = 2
    guardian = make_holder()
    make_ward(guardian)
    refused = make_registration(guardian)
    error = refusal(make_registration, guardian)
    assert error.code == "too_many_wards"
    assert "最多登记 2 个孩子" in error.message
    refuse(refused)
    make_registration(guardian)


def test_a_child_who_is_grown_up_makes_room(settings):
    settings.GUARDIAN_MAX_WARDS = 1
    guardian = make_holder()
    make_ward(guardian, birth_date=date(2010, 1, 1))
    make_registration(guardian)


def test_a_second_guardian_registers_the_same_child():
    father, mother = make_holder(), make_holder(**MOTHER)
    ward = make_ward(father)
    guardianship = make_registration(mother, id_number=ward.id_number, name=ward.name)
    confirm(guardianship)
    assert guardianship.ward == ward
    assert ward in Holder.objects.visible_to(mother.user, at=MOMENT)


def neutral_refusals():
    """Registrations of a child that is there already, each wrong in another way."""
    ward = make_ward(make_holder())
    taken = make_ward(make_holder())
    make_guardianship(make_holder(**MOTHER), taken)
    young = make_ward(make_holder())
    enter_staff_member(
        employee_number="Y1", id_number=young.id_number, particulars={}, by=None, at=MOMENT
    )
    yield "another name", ward.id_number, "王乐"
    yield "a third guardian", taken.id_number, taken.name
    yield "one with an account", young.id_number, young.name


def test_what_is_behind_a_number_is_not_told():
    answers = {}
    for why, number, name in neutral_refusals():
        error = refusal(make_registration, make_holder(), id_number=number, name=name)
        answers[why] = (error.code, error.message)
    assert len(answers) == 3
    assert len(set(answers.values())) == 1
    assert GuardianshipProof.objects.count() == 0


def test_a_typing_error_of_one_parent_never_locks_out_the_other():
    number = make_id_number(birth_date=date(2018, 6, 1), sex=Sex.FEMALE)
    wrong = make_registration(make_holder(), id_number=number, name="张东")
    right = make_registration(make_holder(**MOTHER), id_number=number, name="张乐")
    confirm(right)
    assert Holder.objects.get(pk=right.ward_id).name == "张乐"
    assert refusal(confirm, wrong).code == "other_name"


def test_no_more_than_two_guardians_are_confirmed():
    number = make_id_number(birth_date=date(2018, 6, 1), sex=Sex.FEMALE)
    registrations = [make_registration(make_holder(), id_number=number) for _ in range(3)]
    confirm(registrations[0])
    confirm(registrations[1])
    assert refusal(confirm, registrations[2]).code == "two_guardians"


@pytest.mark.parametrize("decide", [confirm, refuse])
def test_nobody_decides_on_a_registration_of_their_own_or_on_that_of_the_other_parent(decide):
    reviewer = make_reviewer()
    own = make_registration(make_holder(user=reviewer))
    others = make_registration(make_holder(**MOTHER), id_number=own.ward.id_number)
    for guardianship in (own, others):
        assert refusal(decide, guardianship, by=reviewer).code == "party"
    assert Guardianship.objects.waiting().count() == 2


@pytest.mark.parametrize("first", [confirm, refuse])
@pytest.mark.parametrize("second", [confirm, refuse])
def test_of_two_reviewers_the_second_is_told_that_it_is_decided(first, second):
    guardianship = make_registration(make_holder())
    stale = Guardianship.objects.get(pk=guardianship.pk)
    first(guardianship)
    decided = Guardianship.objects.values().get()
    assert refusal(second, stale).code == "decided"
    assert Guardianship.objects.values().get() == decided


def test_a_refusal_needs_a_reason():
    assert refusal(refuse, make_registration(make_holder()), reason=" ").code == "no_reason"


def test_a_refused_registration_leaves_no_picture_behind_when_it_fails():
    guardian = make_holder()
    guardianship = make_registration(guardian)
    kept = set(default_storage.listdir("proofs")[1])
    refusal(make_registration, guardian, id_number=guardianship.ward.id_number)
    assert set(default_storage.listdir("proofs")[1]) == kept


def test_proofs_are_deleted_90_days_after_the_decision():
    decided, waiting = make_registration(make_holder()), make_registration(make_holder())
    confirm(decided)
    file = decided.proofs.get().picture.name
    almost = kept_until(MOMENT, timedelta(days=90)) - timedelta(seconds=1)
    guardianships.delete_old_proofs(at=almost, limit=10)
    assert default_storage.exists(file)
    guardianships.delete_old_proofs(at=almost + timedelta(seconds=1), limit=10)
    assert not default_storage.exists(file)
    assert [proof.guardianship for proof in GuardianshipProof.objects.all()] == [waiting]


def test_a_proof_whose_file_is_gone_already_is_deleted_all_the_same():
    guardianship = make_registration(make_holder())
    confirm(guardianship)
    default_storage.delete(guardianship.proofs.get().picture.name)
    tasks.delete_old_proofs()  # too early
    guardianships.delete_old_proofs(at=MOMENT + timedelta(days=91), limit=10)
    assert not GuardianshipProof.objects.exists()


def test_hr_opens_an_account_for_the_young_person():
    ward = make_ward(make_holder(), birth_date=date(2010, 1, 1))
    holder, _ = enter_staff_member(
        employee_number="Y100", id_number=ward.id_number, particulars={}, by=None, at=MOMENT
    )
    assert holder == ward
    assert ward in Holder.objects.visible_to(holder.user, at=MOMENT)
