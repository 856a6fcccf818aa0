"""Where the university's door is the only one, and for those who have no password of the portal."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth import get_user
from django.urls import reverse
from django.utils import timezone

from apps.notices.models import OutboxMessage
from apps.verification import recent
from tests.factories.people import PASSWORD, make_holder
from tests.single_sign_on.test_cas import back, begin

pytestmark = pytest.mark.django_db
PAGE, RESET = reverse("account_login"), reverse("account_reset_ask")


@pytest.fixture
def only_way(cas, settings):
    settings.LOCAL_SIGN_IN = False


def by_password(client, login):
    client.post(PAGE, {"login": login, "password": PASSWORD})
    return get_user(client).is_authenticated


def test_passwords_count_for_named_emergency_accounts_only(client, only_way, settings):
    named, other = make_holder(phone="13900001234"), make_holder()
    settings.EMERGENCY_ACCOUNTS = [named.user.employee_number.lower()]
    page = client.get(PAGE).content.decode()
    assert reverse("single_sign_on:cas") in page
    assert "应急账户登录" in page
    assert not by_password(client, other.user.employee_number)
    assert not by_password(client, "T9999999")
    answer = client.post(PAGE, {"login": other.user.employee_number, "password": "x"})
    assert "请用学校的统一身份认证登录" in answer.content.decode()
    assert by_password(client, "13900001234")


def test_a_password_that_does_not_count_cannot_be_reset(client, only_way, settings):
    holder = make_holder(phone="13900001234")
    data = {"account": holder.user.employee_number, "last_six": holder.id_number[-6:]}
    client.post(RESET, data)
    assert not OutboxMessage.objects.exists()
    settings.EMERGENCY_ACCOUNTS = [holder.user.employee_number]
    client.post(RESET, data)
    assert OutboxMessage.objects.exists()


@pytest.mark.parametrize("is_again", [True, False])
def test_a_password_given_once_more_at_the_university_counts_here(client, cas, rf, is_again):
    holder = make_holder()
    service = begin(client, **({"again": "1"} if is_again else {}))
    number = [("employeeNumber", holder.user.employee_number)]
    back(client, service, cas.issue(service, "zhang3", number, is_fresh=is_again))
    asked = rf.get("/")
    asked.user, asked.session = holder.user, client.session
    assert recent.password_was_given(asked, at=timezone.now()) is is_again


def test_a_ticket_of_an_old_sign_in_is_no_new_password(client, cas):
    holder = make_holder()
    client.force_login(holder.user)
    service = begin(client, again="1")
    number = [("employeeNumber", holder.user.employee_number)]
    answer = back(client, service, cas.issue(service, "zhang3", number, is_fresh=False))
    assert answer.context["refusal"].code == "not_accepted"
    assert cas.asked[-1]["renew"] == "true"


def test_the_page_that_asks_once_more_leads_to_the_university_and_back(client, cas):
    holder = make_holder()
    client.force_login(holder.user)
    page = client.get(reverse("mfa_activate_totp"), follow=True).content.decode()
    link = re.search(r'href="(/sso/cas/[^"]+)"', page)[1].replace("&amp;", "&")
    service = parse_service(client.get(link)["Location"])
    number = [("employeeNumber", holder.user.employee_number)]
    answer = back(client, service, cas.issue(service, "zhang3", number, is_fresh=True))
    assert answer["Location"] == reverse("mfa_activate_totp")
    assert client.get(answer["Location"]).status_code == 200


def parse_service(location):
    return parse_qs(urlsplit(location).query)["service"][0]
