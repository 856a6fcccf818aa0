"""Two records of one person become one, and what was the other's follows."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.urls import reverse

from apps.cards.enums import CardStatus, RequestStatus
from apps.common.refusals import Refused
from apps.common.visibility import shown
from apps.desk import roles
from apps.encryption.fields import blind_index
from apps.events.models import Event
from apps.my_data import kept
from apps.notices import words
from apps.notices.models import Notice
from apps.notices.services import collect
from apps.payments.models import Payment
from apps.people.enums import GuardianshipStatus, IdType, Sex
from apps.people.event_kinds import HOLDER, HolderAction
from apps.people.models import Holder, User
from apps.people.refusals import RosterConflict
from apps.people.services import enter_staff_member, record_consent
from apps.person_changes import merging
from apps.person_changes.enums import PersonChangeKind, PersonChangeStatus
from apps.staff_photos.models import OfferedPortrait
from tests.factories.cards import AT, make_card, make_request
from tests.factories.offers import make_offer
from tests.factories.payments import make_paid, make_payable
from tests.factories.people import (
    make_colleague,
    make_guardianship,
    make_holder,
    make_reviewer,
    make_ward,
    set_birth_date,
)
from tests.person_changes.test_numbers import codes, confirm, propose, texts_of

pytestmark = pytest.mark.django_db


def merge(kept_record, ended, **options):
    confirm(propose(PersonChangeKind.MERGE, kept_record, other=ended), **options)
    kept_record.refresh_from_db()
    ended.refresh_from_db()


def refused_for(kept_record, ended):
    with pytest.raises(Refused) as refused:
        propose(PersonChangeKind.MERGE, kept_record, other=ended)
    assert refused.value.message
    return codes(refused)


def test_every_column_that_names_a_person_follows_or_says_why_not():
    columns = {
        (model._meta.label, field.name)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if field.is_relation and field.related_model is Holder
    }
    named = {tuple(pair) for pair in merging.FOLLOWS}
    assert columns == named | merging.STAYS.keys()
    assert not named & merging.STAYS.keys()


def test_card_request_and_messages_follow():
    stays, ends = make_holder(), make_holder()
    card = make_card(holder=ends)
    request = card.card_request
    collect(at=AT + timedelta(days=90), limit=200)
    told = Notice.objects.filter(holder=ends).count()
    assert told
    merge(stays, ends)
    assert stays.cards.get() == card
    assert request in stays.requests.all()
    assert Notice.objects.filter(holder=stays, recipient=stays.user).count() == told
    assert not ends.cards.exists()
    assert not ends.requests.exists()


def test_of_two_offered_portraits_the_newer_one_counts():
    stays, ends = make_holder(), make_holder()
    make_offer(stays, at=AT)
    newer = make_offer(ends, at=AT + timedelta(days=1))
    merge(stays, ends)
    assert OfferedPortrait.objects.newest_of(stays) == newer
    assert not OfferedPortrait.objects.filter(holder=ends).exists()


def test_money_is_that_of_the_record_that_stays():
    stays, ends = make_holder(), make_holder()
    payment = make_paid(card_request=make_payable(holder=ends))
    merge(stays, ends)
    assert Payment.objects.get(card_request__holder=stays) == payment
    assert not Payment.objects.filter(card_request__holder=ends).exists()


def test_an_open_request_bears_the_identity_that_stays():
    stays, ends = make_holder(), make_holder(name="张朝")
    request = make_request(RequestStatus.ACCEPTED, holder=ends)
    merge(stays, ends)
    request.refresh_from_db()
    particulars = request.particulars
    assert (request.holder, request.applicant) == (stays, stays.user)
    assert (particulars.name, particulars.id_number) == (stays.name, stays.id_number)
    assert particulars.id_number_index == blind_index(stays.id_number)


def test_the_account_of_the_record_that_ends_is_closed_and_its_phone_is_free():
    stays, ends = make_holder(phone=""), make_holder(phone="13800001111")
    merge(stays, ends)
    assert not User.objects.get(pk=ends.user_id).is_active
    assert ends.left_date is not None
    assert (ends.merged_into, ends.phone) == (stays, "")
    assert stays.phone == "13800001111"
    assert Holder.objects.get(phone_index=blind_index("13800001111")) == stays
    assert ends not in Holder.objects.employed()


def test_a_record_without_an_account_takes_over_the_account():
    guardian = make_holder()
    grown = make_ward(guardian, birth_date=date(2018, 6, 1))
    ends = make_holder(birth_date=date(2008, 1, 1))
    user = ends.user
    Holder.objects.filter(pk=grown.pk).update(birth_date=date(2008, 1, 1))
    grown.refresh_from_db()
    merge(grown, ends)
    assert grown.user == user
    assert ends.user is None
    assert User.objects.get(pk=user.pk).is_active


def changes_of(holder):
    events = Event.objects.of_kind(HOLDER).filter(subject_id=holder.pk, action__startswith="CHANGE")
    return [(event.action, event.facts) for event in events.order_by("pk")]


def test_what_the_record_that_stays_takes_over_is_in_the_book():
    stays, ends = make_holder(phone="", department=""), make_holder(department="化学学院")
    merge(stays, ends)
    assert stays.phone
    photo, filled, phone = changes_of(stays)
    assert photo == (HolderAction.CHANGE, {"fields": ["reference_photo"]})
    assert filled[0] == HolderAction.CHANGE
    assert filled[1]["changes"]["department"][0] == ""
    assert phone == (HolderAction.CHANGE_PHONE, {"phone": ["", shown(stays.phone, "book.phone")]})
    assert stays.phone not in str(filled) + str(phone)


def test_a_phone_that_comes_with_its_account_is_told_as_a_change_of_the_record():
    stays, ends = make_holder(phone="", user=False), make_holder()
    merge(stays, ends)
    _, (action, facts) = changes_of(stays)
    assert action == HolderAction.CHANGE
    assert facts["changes"]["user_id"] == [None, True]
    assert facts["changes"]["phone"] == ["", shown(stays.phone, "book.phone")]


def test_a_child_of_both_records_stays_a_child_of_one():
    stays, ends = make_holder(sex=Sex.MALE), make_holder(sex=Sex.MALE)
    ward = make_ward(ends)
    double = make_guardianship(stays, ward)
    only = make_ward(ends)
    merge(stays, ends)
    assert set(Holder.objects.visible_to(stays.user, at=AT)) == {stays, ward, only}
    assert ward.guardians.not_refused().count() == 1
    refused = ward.guardians.refused().get()
    assert refused.status == GuardianshipStatus.REFUSED
    assert refused.events.last().action == "MERGE"
    assert double.pk != refused.pk or refused.guardian == stays


def test_a_registration_that_is_over_stays_where_it_was():
    stays, ends = make_holder(sex=Sex.MALE), make_holder(sex=Sex.MALE)
    ward = make_ward(ends)
    make_guardianship(stays, ward)
    set_birth_date(ward, date(2000, 1, 1))
    merge(stays, ends)
    assert ward.guardians.get(guardian=stays).is_handed_over_at(AT)
    assert ward.guardians.get(guardian=ends).is_handed_over_at(AT)


def test_the_book_is_read_of_both_records():
    stays, ends = make_holder(), make_holder()
    make_request(RequestStatus.WITHDRAWN, holder=ends)
    before = Event.objects.filter(holder_id=ends.pk).count()
    record_consent(user=ends.user, holder=ends, kinds=["SERVICE"], ip=None, at=AT)
    merge(stays, ends)
    assert Event.objects.filter(holder_id=ends.pk).count() == before + 1
    read = {
        (each.entry.model, each.title): len(each.rows)
        for entries in kept.of(stays, reader=stays.user, is_full=False).values()
        for each in entries
    }
    events = sum(rows for (model, _), rows in read.items() if model == "events.Event")
    assert events > before
    assert sum(rows for (model, _), rows in read.items() if model == "people.Consent") == 1


def test_an_auditor_finds_the_events_of_both_records(client):
    stays, ends = make_holder(), make_holder()
    make_request(RequestStatus.WITHDRAWN, holder=ends)
    merge(stays, ends)
    client.force_login(make_colleague(roles.AUDITOR))
    page = client.get(
        reverse("admin:events_event_changelist"), {"person": stays.reference}
    ).content.decode()
    assert "申请提交成功" in page
    assert "确认人员更正" in page


def test_the_person_is_told_and_the_facts_are_masked():
    stays, ends = make_holder(), make_holder()
    merge(stays, ends)
    collect(at=AT + timedelta(hours=2), limit=50)
    (text,) = texts_of(stays.user)
    assert "合并" in text
    event = Event.objects.get(subject_kind="person_change", action="CONFIRM")
    assert event.facts["merged"] == ends.reference
    assert ends.id_number not in str(event.facts)
    assert words.with_facts([event.pk])


def test_a_roster_does_not_bring_the_merged_record_back():
    stays, ends = make_holder(), make_holder()
    number = ends.user.employee_number
    merge(stays, ends)
    with pytest.raises(RosterConflict) as refused:
        enter_staff_member(
            employee_number=number,
            id_number=ends.id_number,
            particulars={"name": "张超"},
            by=None,
            at=AT,
        )
    assert refused.value.code == "merged"


def test_two_cards_in_hand_are_one_too_many():
    stays, ends = make_holder(), make_holder()
    make_card(holder=stays)
    make_card(CardStatus.SEALED, holder=ends)
    assert refused_for(stays, ends) == "two_cards"


def test_two_requests_under_way_are_one_too_many():
    stays, ends = make_holder(), make_holder()
    make_request(RequestStatus.SUBMITTED, holder=stays)
    make_request(RequestStatus.DRAFT, holder=ends)
    assert refused_for(stays, ends) == "two_requests"


def test_a_card_here_and_a_request_there_wait_for_each_other():
    stays, ends = make_holder(), make_holder()
    make_card(holder=stays)
    make_request(RequestStatus.ACCEPTED, holder=ends)
    assert refused_for(stays, ends) == "card_and_request"


def test_a_request_does_not_become_that_of_a_record_with_another_document():
    stays = make_holder(id_type=IdType.RESIDENCE_PERMIT, nationality="MAC")
    ends = make_holder()
    make_request(RequestStatus.ACCEPTED, holder=ends)
    assert refused_for(stays, ends) == "other_document"
    assert refused_for(stays, make_request(RequestStatus.SUBMITTED).holder) == "other_document"
    propose(PersonChangeKind.MERGE, stays, other=make_request(RequestStatus.DRAFT).holder)


def test_a_guardian_and_the_child_are_two_people():
    guardian = make_holder()
    assert refused_for(guardian, make_ward(guardian)) == "family"


def test_a_colleague_s_account_is_not_merged_away():
    colleague = make_holder(user=make_reviewer())
    assert refused_for(make_holder(), colleague) == "staff"


def test_a_record_is_merged_once():
    stays, ends = make_holder(), make_holder()
    merge(stays, ends)
    assert refused_for(make_holder(), ends) == "merged"
    assert refused_for(ends, make_holder()) == "merged"


def test_what_was_merged_before_follows_along():
    first, second, third = make_holder(), make_holder(), make_holder()
    merge(second, first)
    merge(third, second)
    first.refresh_from_db()
    assert first.merged_into == third
    assert set(Holder.objects.records_of(third).values_list("pk", flat=True)) == {
        first.pk,
        second.pk,
        third.pk,
    }


def test_what_came_up_since_the_proposal_is_said_and_nothing_is_moved():
    stays, ends = make_holder(), make_holder()
    make_request(RequestStatus.SUBMITTED, holder=stays)
    change = propose(PersonChangeKind.MERGE, stays, other=ends)
    request = make_request(RequestStatus.SUBMITTED, holder=ends)
    with pytest.raises(Refused) as refused:
        confirm(change)
    assert codes(refused) == "two_requests"
    change.refresh_from_db()
    request.refresh_from_db()
    assert change.status == PersonChangeStatus.PROPOSED
    assert request.holder == ends
