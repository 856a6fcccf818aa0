"""An employee number changes, an ID number is corrected: proposed by one, confirmed by another."""

from datetime import date, timedelta

import pytest
from django.conf import settings

from apps.cards.enums import RequestStatus
from apps.common.refusals import Refused
from apps.desk import roles
from apps.encryption.fields import blind_index
from apps.lifecycle.refusals import NotAllowed
from apps.notices import words
from apps.notices.models import Notice
from apps.notices.services import collect
from apps.people import documents
from apps.people.enums import Sex
from apps.people.models import Holder
from apps.person_changes import services
from apps.person_changes.enums import EvidenceKind, PersonChangeKind, PersonChangeStatus
from apps.person_changes.models import PersonChange
from apps.typed_text.id_numbers import check_character
from tests.factories.cards import AT, make_request, reject
from tests.factories.people import (
    make_colleague,
    make_holder,
    make_id_number,
    make_reviewer,
    make_ward,
)

pytestmark = pytest.mark.django_db
NUMBER, ID_NUMBER = PersonChangeKind.EMPLOYEE_NUMBER, PersonChangeKind.ID_NUMBER


def propose(kind, holder, number="", *, by=None, at=AT, **options):
    details = {
        "evidence_kind": EvidenceKind.ID_CARD,
        "evidence": "本人带来，窗口核对",
        "reason": "名册录错",
    } | options
    return services.propose(
        kind=kind, holder=holder, new_number=number, by=by or make_reviewer(), at=at, **details
    )


def confirm(change, number="", *, by=None, at=AT + timedelta(hours=1)):
    by = by or make_colleague(roles.SUPERVISOR)
    services.confirm(change=change, typed_number=number, by=by, at=at)


def codes(refused):
    return refused.value.code


def test_a_temporary_employee_number_becomes_the_permanent_one():
    holder = make_holder()
    before = holder.user.employee_number
    change = propose(NUMBER, holder, " D20260001 ")
    confirm(change, "D20260001")
    holder.user.refresh_from_db()
    change.refresh_from_db()
    assert holder.user.employee_number == "D20260001" != before
    assert change.status == PersonChangeStatus.DONE
    assert change.new_number is None
    event = change.events.last()
    assert event.facts["after"] == "***01"
    assert before not in str(event.facts)


def test_an_id_number_is_found_by_its_new_indexes_only():
    holder = make_holder()
    old, new = holder.id_number, make_id_number(birth_date=date(1990, 1, 2), sex=Sex.FEMALE)
    confirm(propose(ID_NUMBER, holder, new.lower()), new)
    holder.refresh_from_db()
    assert (holder.id_number, holder.birth_date, holder.sex) == (new, date(1990, 1, 2), Sex.FEMALE)
    assert Holder.objects.get(id_number_index=blind_index(new)) == holder
    assert Holder.objects.get(id_tail_index=blind_index(new[-4:])) == holder
    assert not Holder.objects.filter(id_number_index=blind_index(old)).exists()


def test_what_is_open_bears_the_new_number_and_what_is_made_does_not():
    holder = make_holder()
    request = make_request(RequestStatus.ACCEPTED, holder=holder)
    new = make_id_number(birth_date=date(1985, 6, 16))
    confirm(propose(ID_NUMBER, holder, new), new)
    request.particulars.refresh_from_db()
    assert request.particulars.id_number == new
    assert request.particulars.birth_date == date(1985, 6, 16)
    assert request.particulars.id_number_index == blind_index(new)


def test_while_a_card_is_being_made_the_number_stays():
    holder = make_holder()
    make_request(RequestStatus.APPROVED, holder=holder)
    with pytest.raises(Refused) as refused:
        propose(ID_NUMBER, holder, make_id_number())
    assert codes(refused) == "in_production"


@pytest.mark.parametrize("area", ["810000", "820000", "830000", "911124"])
def test_a_number_of_another_document_waits_for_the_end_of_a_request(area):
    """Only citizens are made a card for online."""
    first17 = f"{area}19850615001"
    number = first17 + check_character(first17)
    holder = make_holder()
    request = make_request(RequestStatus.ACCEPTED, holder=holder)
    with pytest.raises(Refused) as refused:
        propose(ID_NUMBER, holder, number)
    assert codes(refused) == "other_document"
    reject(request, at=AT + timedelta(minutes=30))
    confirm(propose(ID_NUMBER, holder, number), number)
    holder.refresh_from_db()
    assert not documents.of_holder(holder).is_of_a_citizen


def test_a_guardianship_ends_on_the_corrected_birthday():
    guardian = make_holder()
    ward = make_ward(guardian, birth_date=date(2018, 6, 1), sex=Sex.FEMALE)
    new = make_id_number(birth_date=date(2017, 5, 1), sex=Sex.MALE)
    confirm(propose(ID_NUMBER, ward, new), new)
    guardianship = guardian.guardianships.get()
    ward.refresh_from_db()
    assert guardianship.ends_at == ward.own_from_at
    assert guardianship.get_relation_display() == "父子"


def test_who_confirms_types_the_number_again():
    holder, new = make_holder(), make_id_number()
    change = propose(ID_NUMBER, holder, new)
    with pytest.raises(Refused) as refused:
        confirm(change, make_id_number())
    assert codes(refused) == "differs"
    change.refresh_from_db()
    assert change.status == PersonChangeStatus.PROPOSED
    assert change.new_number == new


def test_nobody_confirms_their_own_proposal():
    supervisor = make_colleague(roles.SUPERVISOR)
    change = propose(NUMBER, make_holder(), "D1", by=supervisor)
    with pytest.raises(Refused) as refused:
        confirm(change, "D1", by=supervisor)
    assert codes(refused) == "own"


def test_nobody_takes_part_in_a_change_of_their_own_or_their_child_s():
    supervisor = make_colleague(roles.SUPERVISOR)
    holder = make_holder(user=supervisor)
    ward = make_ward(holder)
    for person, kind, number in (
        (holder, NUMBER, "D1"),
        (ward, ID_NUMBER, make_id_number(birth_date=date(2018, 6, 2))),
    ):
        with pytest.raises(Refused) as refused:
            propose(kind, person, number, by=supervisor)
        assert codes(refused) == "party"
        change = propose(kind, person, number)
        with pytest.raises(Refused) as refused:
            confirm(change, number, by=supervisor)
        assert codes(refused) == "party"


@pytest.mark.parametrize(
    ("number", "code"),
    [("", "number"), ("12345", "number"), ("370102198506150000", "number")],
)
def test_a_number_that_is_none_is_refused_with_the_reason(number, code):
    with pytest.raises(Refused) as refused:
        propose(ID_NUMBER, make_holder(), number)
    assert codes(refused) == code
    assert refused.value.message


def test_a_number_of_somebody_else_is_a_merge():
    holder, other = make_holder(), make_holder()
    with pytest.raises(Refused) as refused:
        propose(ID_NUMBER, holder, other.id_number)
    assert codes(refused) == "taken"
    with pytest.raises(Refused) as refused:
        propose(NUMBER, holder, other.user.employee_number)
    assert codes(refused) == "taken"


def test_a_number_that_was_taken_meanwhile_is_refused_and_nothing_is_half_done():
    holder, new = make_holder(), make_id_number()
    change = propose(ID_NUMBER, holder, new)
    make_holder(id_number=new)
    with pytest.raises(Refused) as refused:
        confirm(change, new)
    assert codes(refused) == "taken"
    change.refresh_from_db()
    assert change.status == PersonChangeStatus.PROPOSED


def test_an_account_is_not_for_a_child():
    with pytest.raises(Refused) as refused:
        propose(ID_NUMBER, make_holder(), make_id_number(birth_date=date(2015, 1, 1)))
    assert codes(refused) == "too_young"


def test_a_number_fits_the_birth_dates_of_parents_and_children():
    guardian = make_holder()
    ward = make_ward(guardian, birth_date=date(2018, 6, 1))
    near = make_id_number(birth_date=date(2006, 6, 2))
    for holder, number in ((guardian, near), (ward, make_id_number(birth_date=date(1997, 6, 14)))):
        with pytest.raises(Refused) as refused:
            propose(ID_NUMBER, holder, number)
        assert codes(refused) == "parent_age"
    propose(ID_NUMBER, guardian, make_id_number(birth_date=date(2006, 6, 1)))


def test_one_change_of_a_person_waits_at_a_time_and_lapses():
    holder = make_holder()
    first = propose(NUMBER, holder, "D1")
    with pytest.raises(Refused) as refused:
        propose(NUMBER, holder, "D2")
    assert codes(refused) == "waiting"
    later = first.ends_at
    with pytest.raises(NotAllowed):
        confirm(first, "D1", at=later)
    propose(NUMBER, holder, "D2", at=later)
    first.refresh_from_db()
    assert first.status == PersonChangeStatus.LAPSED
    assert first.new_number is None
    assert first.events.last().due_at == later


def test_lapsing_twice_changes_nothing():
    change = propose(NUMBER, make_holder(), "D1")
    assert services.lapse_due(at=AT + settings.PERSON_CHANGE_LIFETIME, deadline=None) == 0
    assert services.lapse_due(at=change.ends_at, deadline=None) == 1
    assert services.lapse_due(at=change.ends_at, deadline=None) == 0


def test_only_the_proposer_takes_it_back():
    by = make_reviewer()
    change = propose(NUMBER, make_holder(), "D1", by=by)
    with pytest.raises(Refused) as refused:
        services.withdraw(change=change, by=make_reviewer(), at=AT)
    assert codes(refused) == "not_own"
    services.withdraw(change=change, by=by, at=AT)
    change.refresh_from_db()
    assert (change.status, change.new_number) == (PersonChangeStatus.WITHDRAWN, None)


def test_a_decided_change_is_decided_once():
    change = propose(NUMBER, make_holder(), "D1")
    stale = PersonChange.objects.select_related("holder__user").get(pk=change.pk)
    services.decline(change=change, reason="不是原件", by=make_colleague(roles.SUPERVISOR), at=AT)
    with pytest.raises(NotAllowed):
        confirm(stale, "D1")


def texts_of(user):
    """What `user` is told in the portal."""
    told = Notice.objects.filter(recipient=user, channel="PORTAL").order_by("pk")
    events = {event.pk: event for event in words.with_facts([notice.event_id for notice in told])}
    return [words.text(events[notice.event_id], user) for notice in told]


def test_the_person_is_told_of_the_number_once():
    holder, new = make_holder(), make_id_number()
    confirm(propose(ID_NUMBER, holder, new), new)
    numbered = make_holder()
    confirm(propose(NUMBER, numbered, "D7"), "D7")
    collect(at=AT + timedelta(hours=2), limit=50)
    (text,) = texts_of(holder.user)
    assert "社会保障号码" in text
    assert new not in text
    (text,) = texts_of(numbered.user)
    assert "工号已变更" in text


def test_the_proposer_is_told_why_not():
    by = make_reviewer()
    change = propose(NUMBER, make_holder(), "D1", by=by)
    services.decline(change=change, reason="不是原件", by=make_colleague(roles.SUPERVISOR), at=AT)
    collect(at=AT + timedelta(hours=2), limit=50)
    (text,) = texts_of(by)
    assert "不是原件" in text
    assert texts_of(change.holder.user) == []


def test_the_proposer_is_told_that_nobody_confirmed_it():
    by = make_reviewer()
    change = propose(NUMBER, make_holder(), "D1", by=by)
    services.lapse_due(at=change.ends_at, deadline=None)
    collect(at=change.ends_at + timedelta(hours=1), limit=50)
    (text,) = texts_of(by)
    assert "没有人确认" in text
    assert texts_of(change.holder.user) == []
