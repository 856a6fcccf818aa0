"""What the book of events keeps of sign-ins, passwords, consents and the register of people."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apps.events.enums import Role
from apps.events.models import Event
from apps.people.enums import ConsentKind
from apps.people.event_kinds import ACCOUNT, CONSENT, HOLDER, AccountAction, HolderAction
from apps.people.refusals import ConsentRefused, RosterConflict
from apps.people.services import (
    change_employee_number,
    end_employment,
    enter_staff_member,
    has_consented,
    record_consent,
    set_initial_password,
    withdraw_consent,
    withdrawn_kinds,
)
from tests.factories.people import (
    MOMENT,
    PASSWORD,
    make_holder,
    make_id_number,
    make_reviewer,
    make_user,
    make_ward,
)
from tests.shown import Window

pytestmark = pytest.mark.django_db

SIGN_IN = reverse("account_login")
LATER = MOMENT + timedelta(days=1)


def told(kind):
    return list(Event.objects.of_kind(kind).order_by("pk"))


def sign_in(client, login, password):
    return client.post(SIGN_IN, {"login": login, "password": password})


def test_sign_in_and_sign_out(client):
    holder = make_holder()
    sign_in(client, holder.user.employee_number, PASSWORD)
    client.post(reverse("account_logout"))
    first, second = told(ACCOUNT)
    assert [first.action, second.action] == [AccountAction.SIGN_IN, AccountAction.SIGN_OUT]
    assert (first.by, first.role, first.holder_id) == (holder.user, Role.HOLDER, holder.pk)
    assert first.reference == holder.user.employee_number


def test_a_wrong_password_names_the_account_and_nobody_who_did_it(client):
    holder = make_holder()
    sign_in(client, holder.user.employee_number, "wrong")
    event = told(ACCOUNT)[0]
    assert (event.action, event.by, event.role) == ("SIGN_IN_FAILED", None, Role.VISITOR)
    assert (event.subject_id, event.holder_id) == (holder.user_id, holder.pk)


def test_what_was_typed_for_an_account_that_nobody_has_is_not_kept(client):
    sign_in(client, "13900001234", "wrong")
    event = told(ACCOUNT)[0]
    assert (event.action, event.subject_id, event.reference) == ("SIGN_IN_FAILED", None, "")
    assert "13900001234" not in str(event.facts)


def test_a_lock_out_is_told(client):
    number = make_holder().user.employee_number
    for _ in range(6):
        sign_in(client, number, "wrong")
    assert AccountAction.LOCK_OUT in [event.action for event in told(ACCOUNT)]


def test_a_password_that_its_owner_changes(client):
    user = make_holder().user
    client.force_login(user)
    new = "another-long-password"
    posted = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client.post(reverse("account_change_password"), posted)
    assert [event.by for event in told(ACCOUNT) if event.action == "CHANGE_PASSWORD"] == [user]


def test_a_first_password_that_hr_sets():
    user, hr = make_holder().user, make_reviewer()
    set_initial_password(user=user, password=PASSWORD + "-2", by=hr, at=MOMENT)
    event = told(ACCOUNT)[0]
    assert (event.action, event.by, event.subject_id) == ("SET_PASSWORD", hr, user.pk)


def test_consents_with_their_versions_and_for_whom():
    father = make_holder()
    ward = make_ward(father)
    kinds = [ConsentKind.CHILDREN, ConsentKind.SERVICE]
    given = record_consent(user=father.user, holder=ward, kinds=kinds, ip=None, at=MOMENT)
    event = told(CONSENT)[0]
    assert (event.by, event.role, event.holder_id) == (father.user, Role.GUARDIAN, ward.pk)
    assert event.facts == {"texts": {consent.kind: consent.text_version for consent in given}}


def test_a_person_entered_changed_and_gone_with_the_phone_masked():
    hr, number = make_reviewer(), make_id_number()
    entry = {"employee_number": "N1", "id_number": number, "by": hr, "at": MOMENT}
    first = {"name": "张超", "phone": "13800001234", "department": "信息学院"}
    holder, _ = enter_staff_member(particulars=first, **entry)
    enter_staff_member(particulars=first, **entry)  # nothing new, nothing told
    enter_staff_member(particulars={"phone": "13900005678", "department": "图书馆"}, **entry)
    end_employment(holder=holder, by=hr, at=MOMENT)
    events = told(HOLDER)
    actions = [
        HolderAction.ENTER,
        HolderAction.CHANGE,
        HolderAction.CHANGE_PHONE,
        HolderAction.LEAVE,
    ]
    assert [event.action for event in events] == actions
    assert {(event.by, event.holder_id) for event in events} == {(hr, holder.pk)}
    changes = {"department": ["***院", "**馆"]}
    assert events[1].facts == {"fields": ["department"], "changes": changes}
    assert events[2].facts == {"phone": ["138****1234", "139****5678"]}


def test_a_person_changed_at_the_desk(client):
    administrator = make_user(is_staff=True, is_superuser=True)
    client.force_login(administrator)
    holder = make_holder()
    url = reverse("admin:people_holder_change", args=[holder.pk])
    answer = Window(client, url).send(
        "holder_form", department="图书馆", occupation="", ethnicity="01"
    )
    assert answer.status_code == 302
    event = told(HOLDER)[0]
    assert (event.action, event.by, event.holder_id) == ("CHANGE", administrator, holder.pk)
    assert event.facts["fields"] == ["department", "occupation"]
    assert event.facts["changes"]["department"] == ["***院", "**馆"]


def test_a_consent_is_withdrawn_by_who_gave_it_and_stays_on_record():
    holder = make_holder()
    record_consent(user=holder.user, holder=holder, kinds=[ConsentKind.PRIVACY], ip=None, at=MOMENT)
    withdraw_consent(holder=holder, kind=ConsentKind.PRIVACY, by=holder.user, at=LATER)
    given, withdrawn = told(CONSENT)
    assert (withdrawn.action, withdrawn.by, withdrawn.at) == ("WITHDRAW", holder.user, LATER)
    assert withdrawn.facts == given.facts
    assert not has_consented(user=holder.user, holder=holder, kinds=[ConsentKind.PRIVACY])
    assert withdrawn_kinds(user=holder.user, holder=holder) == [ConsentKind.PRIVACY]
    with pytest.raises(ConsentRefused):
        withdraw_consent(holder=holder, kind=ConsentKind.PRIVACY, by=holder.user, at=LATER)
    record_consent(user=holder.user, holder=holder, kinds=[ConsentKind.PRIVACY], ip=None, at=LATER)
    assert has_consented(user=holder.user, holder=holder, kinds=[ConsentKind.PRIVACY])
    assert withdrawn_kinds(user=holder.user, holder=holder) == []


def test_of_two_guardians_each_withdraws_their_own_consent():
    father, mother = make_holder(), make_holder(sex="2")
    child = make_ward(father)
    for parent in (father, mother):
        record_consent(
            user=parent.user, holder=child, kinds=[ConsentKind.CHILDREN], ip=None, at=MOMENT
        )
    withdraw_consent(holder=child, kind=ConsentKind.CHILDREN, by=mother.user, at=LATER)
    assert told(CONSENT)[-1].role == Role.GUARDIAN
    assert withdrawn_kinds(user=mother.user, holder=child) == [ConsentKind.CHILDREN]
    assert withdrawn_kinds(user=father.user, holder=child) == []


def test_a_new_employee_number_is_told_masked_before_and_after():
    holder, clerk = make_holder(), make_reviewer()
    old = holder.user.employee_number
    change_employee_number(user=holder.user, employee_number=" n 2077 ", by=clerk, at=LATER)
    event = told(ACCOUNT)[0]
    assert (event.action, event.by, event.role) == ("CHANGE_NUMBER", clerk, Role.STAFF)
    assert (event.reference, event.holder_id) == ("N2077", holder.pk)
    assert event.facts == {"number": [f"***{old[-2:]}", "***77"]}
    change_employee_number(user=holder.user, employee_number="N2077", by=clerk, at=LATER)
    assert len(told(ACCOUNT)) == 1


def test_a_number_that_another_account_has_is_refused():
    holder, other = make_holder(), make_holder()
    with pytest.raises(RosterConflict):
        change_employee_number(
            user=holder.user, employee_number=other.user.employee_number, by=None, at=LATER
        )
    assert told(ACCOUNT) == []
