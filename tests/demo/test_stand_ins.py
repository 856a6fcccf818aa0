"""The stand-ins for the university's servers, over HTTP as in a demonstration."""

import pytest
from django.contrib.auth import get_user
from django.urls import reverse

from tests.factories.people import make_holder


@pytest.fixture
def stand_in(live_server, settings):
    settings.PORTAL_URL = live_server.url
    settings.DEMO_SINGLE_SIGN_ON = "cas"
    settings.CAS_SERVER_URL = f"{live_server.url}/demo/cas/"
    settings.CAS_NUMBER_ATTRIBUTE = "employeeNumber"


def choose(client, number, **query):
    """Begin at the portal, choose who one is if asked, and come back; the last answer."""
    page = client.get(reverse("single_sign_on:cas"), query)["Location"]
    answer = client.get(page)
    if answer.status_code == 200:
        answer = client.post(page, {"number": number})
    return client.get(answer["Location"])


def test_one_signs_in_by_a_choice_and_out_everywhere(client, transactional_db, stand_in):
    holder = make_holder()
    number = holder.user.employee_number
    assert client.post(reverse("demo:cas_login"), {"number": number}).status_code == 400
    number_of_demo = "D1001"
    type(holder.user).objects.filter(pk=holder.user_id).update(employee_number=number_of_demo)
    choose(client, number_of_demo)
    assert get_user(client) == holder.user
    elsewhere = type(client)()
    elsewhere.cookies["demo_cas"] = client.cookies["demo_cas"].value
    choose(elsewhere, "not asked")
    assert get_user(elsewhere) == holder.user
    client.get(reverse("demo:cas_logout"))
    assert not get_user(client).is_authenticated
    assert not get_user(elsewhere).is_authenticated
    refused = choose(client, "X0001")
    assert refused.context["refusal"].code == "unknown"


def test_one_signs_in_by_openid_connect(client, transactional_db, live_server, settings):
    settings.PORTAL_URL = live_server.url
    settings.DEMO_SINGLE_SIGN_ON = "oidc"
    settings.OIDC_ISSUER_URL, settings.OIDC_CLIENT_ID = f"{live_server.url}/demo/oidc", "demo"
    settings.OIDC_NUMBER_CLAIM = "employee_number"
    user = make_holder().user
    type(user).objects.filter(pk=user.pk).update(employee_number="D1001")
    page = client.get(reverse("single_sign_on:oidc"))["Location"]
    assert "以谁的身份登录" in client.get(page).content.decode()
    client.get(client.post(page, {"number": "D1001"})["Location"])
    assert get_user(client) == user
    assert client.get(page.replace("S256", "plain")).status_code == 400
    assert client.post(reverse("demo:oidc_token"), {"code": "made-up"}).status_code == 400


@pytest.mark.parametrize(
    "name", ["cas_login", "cas_validate", "cas_logout", "oidc_authorize", "oidc_keys"]
)
def test_it_is_not_there_unless_it_was_asked_for(client, db, name):
    assert client.get(reverse(f"demo:{name}")).status_code == 404
