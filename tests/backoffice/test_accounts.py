"""System administrators look after accounts, their own excepted, and see no case and no person."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from apps.cards.enums import RequestStatus
from apps.desk import roles
from apps.events.models import Event
from apps.people.event_kinds import ACCOUNT, AccountAction
from apps.people.models import User
from tests.book import desk_events
from tests.factories.cards import make_request
from tests.factories.people import make_colleague, make_holder, make_registration, make_user
from tests.shown import send

pytestmark = pytest.mark.django_db
LIST = reverse("admin:people_user_changelist")


@pytest.fixture
def administrator(client):
    administrator = make_colleague(roles.ADMINISTRATOR)
    client.force_login(administrator)
    return administrator


def change(client, account, **data):
    return send(client, reverse("admin:people_user_change", args=[account.pk]), data)


def send_link(client, account, **data):
    return client.post(reverse("admin:auth_user_password_change", args=[account.pk]), data)


def fresh(account):
    return User.objects.get(pk=account.pk)


def test_an_account_is_made_and_logged(client, administrator):
    data = {"employee_number": "HR01", "password1": "another-good-word"}
    assert client.post(reverse("admin:people_user_add"), data).status_code == 302
    assert not User.objects.get(employee_number="HR01").has_usable_password()
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
    change(client, account, is_active="on", is_staff="on", groups=[group.name])
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
    change(client, administrator, groups=[group.name], is_superuser="on")
    own = fresh(administrator)
    assert (own.is_active, own.is_staff, own.is_superuser) == (True, True, False)
    assert [group.name for group in own.groups.all()] == [roles.ADMINISTRATOR]


@pytest.mark.parametrize("role", ["\x00", "９" * 300, "9" * 300, "no such role"])
def test_a_role_that_is_none_is_refused_beside_its_field(client, administrator, role):
    answer = change(client, make_user(), is_active="on", groups=[role])
    assert answer.context["adminform"].form.errors["groups"]
    assert client.get(LIST, {"role": role}).status_code == 200


def test_the_list_is_narrowed_by_a_role_and_by_none(client, administrator):
    nobody = make_user()
    for role, there in ((roles.ADMINISTRATOR, administrator), ("none", nobody)):
        assert [*client.get(LIST, {"role": role}).context["cl"].queryset] == [there]


def test_nobody_is_made_a_superuser(client, administrator):
    account = make_user()
    change(client, account, is_active="on", is_staff="on", is_superuser="on")
    assert not fresh(account).is_superuser


def test_a_superuser_is_out_of_reach(client, administrator):
    root = User.objects.create_superuser("ROOT", "a-long-test-password")
    assert change(client, root, is_active="").status_code == 403
    assert send_link(client, root).status_code == 403
    assert fresh(root).check_password("a-long-test-password")


@pytest.mark.parametrize("action", ["remove_factors", "end_sessions"])
def test_no_action_on_the_list_reaches_a_superuser(client, administrator, action):
    root = User.objects.create_superuser("ROOT", "a-long-test-password")
    TOTP.activate(root, "JBSWY3DPEHPK3PXP")
    elsewhere = Client()
    elsewhere.force_login(root)
    data = {"action": action, "_selected_action": [root.pk]}
    page = client.post(LIST, data, follow=True).content.decode()
    assert "这是超级管理员的账户" in page
    assert Authenticator.objects.filter(user=root).exists()
    assert elsewhere.get(reverse("account:sign_ins")).status_code == 200


def test_an_owner_gets_a_link_on_the_phone_and_nobody_else_learns_the_password(
    client, administrator, phones
):
    account = make_holder(phone="13900001234").user
    before = account.password
    page = client.get(reverse("admin:auth_user_password_change", args=[account.pk]))
    assert "password1" not in page.content.decode()
    assert send_link(client, account, password1="another-good-word").status_code == 302
    assert fresh(account).password == before
    phone, text = phones[-1]
    assert phone == "13900001234"
    assert "/accounts/password/link/" in text
    event = Event.objects.of_kind(ACCOUNT).get(action=AccountAction.SEND_LINK)
    assert (event.by, event.facts["phone"]) == (administrator, "139****1234")


def test_who_is_not_on_the_roster_gets_it_on_the_phone_that_they_name(
    client, administrator, phones
):
    account = make_user()
    assert send_link(client, account).status_code == 200
    assert "请" in send_link(client, account, phone="12").content.decode()
    assert phones == []
    send_link(client, account, phone="139 0000 5555")
    assert phones[-1][0] == "13900005555"


def test_the_link_goes_to_the_registered_phone_whatever_is_posted(client, administrator, phones):
    holder = make_holder(phone="13900001234")
    send_link(client, holder.user, phone="13999999999")
    assert [phone for phone, _ in phones] == ["13900001234"]
    assert "没有登记手机号" in send_link(client, make_holder(phone="").user).content.decode()


def test_one_s_own_password_is_changed_where_the_old_one_is_asked_for(client, administrator):
    there = reverse("account_change_password")
    assert send_link(client, administrator)["Location"] == there
    # Other spellings of the key, and the bare one, lead to no page at all.
    for spelling in (f"0{administrator.pk}", str(administrator.pk), f"{administrator.pk}.0"):
        answer = client.post(f"/admin/people/user/{spelling}/password/")
        assert answer.status_code in (302, 404)
        assert answer.status_code == 404 or "password" not in answer["Location"]


def test_a_spelling_of_one_s_own_key_is_oneself(administrator, rf):
    asked = rf.post("/")
    asked.user = administrator
    answer = admin.site._registry[User].user_change_password(asked, f"0{administrator.pk}")
    assert answer["Location"] == reverse("account_change_password")


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
    assert send_link(client, account).status_code == 403


@pytest.mark.parametrize("role", [roles.AUDITOR, roles.ADMINISTRATOR])
def test_who_may_not_change_an_account_is_not_shown_the_way_to_its_password(client, role):
    client.force_login(make_colleague(role))
    superuser = make_user(is_superuser=True)
    html = client.get(reverse("admin:people_user_change", args=[superuser.pk])).content.decode()
    assert superuser.employee_number in html
    assert "../password/" not in html


def test_a_lost_second_factor_is_removed_and_written_down(client, administrator):
    account = make_holder().user
    TOTP.activate(account, "JBSWY3DPEHPK3PXP")
    data = {"action": "remove_factors", "_selected_action": [account.pk, administrator.pk]}
    page = client.post(LIST, data, follow=True).content.decode()
    assert f"已解除账户 {account.employee_number} 的两步验证" in page
    assert "不能解除自己的两步验证" in page
    assert not Authenticator.objects.exists()
    event = Event.objects.of_kind(ACCOUNT).get(action=AccountAction.REMOVE_FACTOR)
    assert (event.by, event.subject_id) == (administrator, account.pk)


def test_somebody_is_signed_out_everywhere_and_told(client, administrator):
    account = make_holder().user
    elsewhere = [Client(), Client()]
    for browser in elsewhere:
        browser.force_login(account)
    data = {"action": "end_sessions", "_selected_action": [account.pk, administrator.pk]}
    page = client.post(LIST, data, follow=True).content.decode()
    assert f"账户 {account.employee_number} 在所有设备上都退出了" in page
    assert "请在「登录的设备」里退出" in page
    for browser in elsewhere:
        assert browser.get(reverse("home:records")).status_code == 302
    assert client.get(LIST).status_code == 200
    event = Event.objects.of_kind(ACCOUNT).get(action=AccountAction.END_ALL_SESSIONS)
    assert (event.by, event.subject_id) == (administrator, account.pk)
