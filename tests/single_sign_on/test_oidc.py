"""OpenID Connect, against a provider on a port of its own that signs with its own key."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import get_user
from django.urls import reverse

from tests.factories.people import make_holder

pytestmark = pytest.mark.django_db
BEGIN, BACK = reverse("single_sign_on:oidc"), reverse("single_sign_on:oidc_back")


@pytest.fixture
def holder():
    return make_holder()


def begin(client, **query):
    return client.get(BEGIN, query)["Location"]


def sign_in(client, oidc, holder, **query):
    number = holder.user.employee_number
    answer = oidc.sign_in(begin(client, **query), sub="u-1", employee_number=number)
    return client.get(BACK, answer)


def code_of(answer):
    return answer.status_code, answer.context["refusal"].code


def test_one_is_signed_in_and_comes_to_where_one_wanted(client, oidc, holder):
    assert sign_in(client, oidc, holder, next="/areas/")["Location"] == "/areas/"
    assert get_user(client) == holder.user
    assert not SocialAccount.objects.exists()


def test_what_is_asked_has_a_state_a_nonce_and_a_challenge(client, oidc):
    asked = parse_qs(urlsplit(begin(client)).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    assert asked["redirect_uri"][0].endswith(BACK)
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    assert "prompt" not in asked


def test_a_number_that_only_the_page_about_the_user_tells_is_taken(client, oidc, holder):
    oidc.userinfo = {"sub": "u-1", "employee_number": holder.user.employee_number}
    client.get(BACK, oidc.sign_in(begin(client), sub="u-1"))
    assert get_user(client) == holder.user


def test_a_page_about_another_user_is_not(client, oidc, holder):
    oidc.userinfo = {"sub": "u-2", "employee_number": holder.user.employee_number}
    answer = client.get(BACK, oidc.sign_in(begin(client), sub="u-1"))
    assert code_of(answer) == (403, "not_accepted")


@pytest.mark.parametrize(
    "fault",
    ["nonce", "key", "unsigned", "secret", "issuer", "audience", "party", "expired"],
)
def test_an_id_token_that_is_not_the_server_s_for_this_sign_in_is_refused(
    client, oidc, holder, fault
):
    oidc.fault = fault
    assert code_of(sign_in(client, oidc, holder)) == (403, "not_accepted")
    assert not get_user(client).is_authenticated


def test_metadata_of_another_issuer_are_not_followed(client, oidc):
    oidc.fault = "metadata"
    answer = client.get(BEGIN)
    assert code_of(answer) == (502, "no_answer")


def test_another_browser_s_state_is_refused_and_a_code_counts_once(client, oidc, holder):
    number = holder.user.employee_number
    answer = oidc.sign_in(begin(client), sub="u-1", employee_number=number)
    other = type(client)()
    assert code_of(other.get(BACK, answer)) == (403, "too_old")
    client.get(BACK, answer)
    assert code_of(client.get(BACK, answer)) == (403, "too_old")
    stolen = oidc.sign_in(begin(type(client)()), sub="u-1", employee_number=number)
    mixed = parse_qs(urlsplit(begin(other)).query)["state"][0]
    # Without the verifier of the browser that began.
    assert code_of(other.get(BACK, stolen | {"state": mixed})) == (403, "not_accepted")


def test_who_gives_up_there_may_try_again(client, oidc):
    state = parse_qs(urlsplit(begin(client)).query)["state"][0]
    answer = client.get(BACK, {"state": state, "error": "access_denied"})
    assert code_of(answer) == (403, "stopped")


@pytest.mark.parametrize("fault", ["slow", "error", "page"])
def test_a_server_that_fails_is_a_sentence(client, oidc, holder, settings, fault):
    address = begin(client)
    answer = oidc.sign_in(address, sub="u-1", employee_number=holder.user.employee_number)
    oidc.fault = fault
    settings.SINGLE_SIGN_ON_TIMEOUT = 0.1 if fault == "slow" else 0.5
    assert code_of(client.get(BACK, answer)) == (502, "no_answer")
    assert code_of(client.get(BEGIN)) == (502, "no_answer")


@pytest.mark.slow
def test_all_that_is_asked_for_one_sign_in_has_the_time_together(client, oidc, holder, settings):
    """Four answers, each just in time, would be four times the wait."""
    address = begin(client)
    answer = oidc.sign_in(address, sub="u-1", employee_number=holder.user.employee_number)
    settings.SINGLE_SIGN_ON_TIMEOUT = 0.8
    oidc.fault, oidc.pause = "slow", 0.3
    began = time.monotonic()
    assert code_of(client.get(BACK, answer)) == (502, "no_answer")
    assert time.monotonic() - began < 1.1
    oidc.pause = 0.1
    answer = oidc.sign_in(begin(client), sub="u-1", employee_number=holder.user.employee_number)
    assert client.get(BACK, answer).status_code == 302


def test_signing_out_here_leads_to_the_page_there(client, oidc, holder):
    sign_in(client, oidc, holder)
    page = client.post(reverse("account_logout"), follow=True).content.decode()
    assert f"{oidc.url}/out?client_id=sbk-portal" in page
