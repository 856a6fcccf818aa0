"""System administrators look after accounts, their own excepted, and see no case and no person."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from apps.cards.enums import RequestStatus
from apps.desk import roles
from apps.events.models import Event
from apps.people.event_kinds import ACCOUNT, AccountAction
from apps.people.models import User
from tests.book import desk_events
from tests.factories.cards import make_request
from tests.factories.people import make_colleague, make_holder, make_registration, make_user

pytestmark = pytest.mark.django_db
LIST = reverse("admin:people_user_changelist")


@pytest.fixture
def administrator(client):
    administrator = make_colleague(roles.ADMINISTRATOR)
    client.force_login(administrator)
    return administrator


def change(client, account, **data):
    return client.post(reverse("admin:people_user_change", args=[account.pk]), data)


def set_password(client, account):
    return client.post(
        reverse("admin:auth_user_password_change", args=[account.pk]),
        {"usable_password": "true", "password1": "another-good-word"}
        | {"password2": "another-good-word"},
    )


def fresh(account):
    return User.objects.get(pk=account.pk)


def test_an_account_is_made_and_logged(client, administrator):
    data = {"employee_number": "HR01", "usable_password": "true"}
    data |= {"password1": "another-good-word", "password2": "another-good-word"}
    assert client.post(reverse("admin:people_user_add"), data).status_code == 302
    event = desk_events().get()
    assert (event.action, event.by, event.reference) == ("CHANGE", administrator, "HR01")


def test_a_new_employee_number_is_told_once(client, administrator):
    account = make_user("N1")
    change(client, account, employee_number="N2", is_active="on")
    assert fresh(account).employee_number == "N2"
    assert not desk_events().exists()
    event = Event.objects.of_kind(ACCOUNT).get(action=AccountAction.CHANGE_NUMBER)
    assert event.by == administrator
    change(client, account, employee_number="N3", is_active="on", is_staff="on")
    [changed] = desk_events().get().facts["changed"]
    assert changed["changed"]["fields"] == ["可进入审核后台"]


def test_others_get_groups_and_the_way_into_the_admin(client, administrator):
    account = make_user()
    group = Group.objects.get(name=roles.REVIEWER)
    change(client, account, is_active="on", is_staff="on", groups=[group.pk])
    assert fresh(account).is_staff
    assert fresh(account).has_perm(roles.DECIDE)
    facts = desk_events().get().facts
    assert (facts["is_staff"], facts["groups"]) == (True, [roles.REVIEWER])


def test_an_account_is_locked(client, administrator):
    account = make_user()
    change(client, account)
    assert not fresh(account).is_active
    assert desk_events().get().facts["is_active"] is False


def test_an_employee_number_is_changed_told_and_on_record(client, administrator):
    holder = make_holder()
    change(client, holder.user, employee_number=" n 2077", is_active="on")
    assert fresh(holder.user).employee_number == "N2077"
    event = Event.objects.of_kind(ACCOUNT).filter(action="CHANGE_NUMBER").get()
    assert (event.by, event.subject_id) == (administrator, holder.user_id)
    assert not desk_events().exists(), "told once"


def test_a_number_of_another_account_is_refused_by_the_form(client, administrator):
    account, other = make_user(), make_user()
    answer = change(client, account, employee_number=other.employee_number, is_active="on")
    assert "这个工号已有账户" in answer.content.decode()
    assert fresh(account).employee_number == account.employee_number


def test_a_form_that_changes_nothing_is_not_logged(client, administrator):
    change(client, make_user(), is_active="on")
    assert not desk_events().exists()


def test_one_s_own_rights_stay_as_they_are(client, administrator):
    group = Group.objects.get(name=roles.SUPERVISOR)
    change(client, administrator, groups=[group.pk], is_superuser="on")
    own = fresh(administrator)
    assert (own.is_active, own.is_staff, own.is_superuser) == (True, True, False)
    assert [group.name for group in own.groups.all()] == [roles.ADMINISTRATOR]


def test_nobody_is_made_a_superuser(client, administrator):
    account = make_user()
    change(client, account, is_active="on", is_staff="on", is_superuser="on")
    assert not fresh(account).is_superuser


def test_a_superuser_is_out_of_reach(client, administrator):
    root = User.objects.create_superuser("ROOT", "a-long-test-password")
    assert change(client, root, is_active="").status_code == 403
    assert set_password(client, root).status_code == 403
    assert fresh(root).check_password("a-long-test-password")


def test_passwords_of_others_are_reset_and_that_is_logged(client, administrator):
    account = make_user()
    assert set_password(client, account).status_code == 302
    assert fresh(account).check_password("another-good-word")
    assert desk_events().get().reference == account.employee_number


def test_one_s_own_password_is_changed_where_the_old_one_is_asked_for(client, administrator):
    assert set_password(client, administrator)["Location"] == reverse("account_change_password")
    assert not fresh(administrator).check_password("another-good-word")


def test_the_list_holds_no_personal_data(client, administrator):
    holder = make_holder(name="欧阳超")
    html = client.get(LIST).content.decode()
    assert holder.user.employee_number in html
    for secret in ("欧阳", holder.id_number, holder.phone):
        assert secret not in html


def test_no_case_and_no_person_is_seen(client, administrator):
    card_request = make_request(RequestStatus.ACCEPTED)
    claim = make_registration(make_holder())
    holder = card_request.holder
    closed = [
        reverse("admin:cards_cardrequest_changelist"),
        reverse("admin:cards_cardrequest_change", args=[card_request.reference]),
        reverse("admin:people_guardianship_changelist"),
        reverse("admin:people_guardianship_change", args=[claim.reference]),
        reverse("admin:replacement_formalloss_changelist"),
        reverse("admin:people_holder_changelist"),
        reverse("admin:people_holder_change", args=[holder.pk]),
        reverse("admin:people_holder_disclose", args=[holder.reference]),
        reverse("admin:roster_rosterupload_changelist"),
        reverse("admin:cards_card_changelist"),
    ]
    assert {client.get(address).status_code for address in closed} == {403}


@pytest.mark.parametrize("role", [roles.REVIEWER, roles.SUPERVISOR])
def test_others_of_the_desk_do_not_reach_accounts(client, role):
    client.force_login(make_colleague(role))
    assert client.get(LIST).status_code == 403


def test_an_auditor_reads_accounts_and_changes_none(client):
    client.force_login(make_colleague(roles.AUDITOR))
    account = make_user()
    assert client.get(LIST).status_code == 200
    assert change(client, account).status_code == 403
    assert set_password(client, account).status_code == 403
