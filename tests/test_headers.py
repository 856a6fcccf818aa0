"""What every answer tells the browser to leave undone."""

import pytest
from django.conf import settings
from django.urls import reverse

from tests.factories.people import PASSWORD, make_holder, make_reviewer

pytestmark = pytest.mark.django_db

OPEN = ["home:home", "account_login", "account:mine", "regions:list"]


def policy_of(response):
    """Directive → values of the Content-Security-Policy."""
    directives = response["Content-Security-Policy"].split(";")
    return {name: values for name, *values in (each.split() for each in directives)}


def assert_guarded(response):
    policy = policy_of(response)
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == ["'self'"]
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in response
    assert "Server" not in response


@pytest.mark.parametrize("address", ["/", "/accounts/login/", "/nothing-here", "/livez"])
def test_an_answer_to_anybody_is_guarded(client, address):
    assert_guarded(client.get(address))


def test_a_page_of_the_portal_and_of_the_desk_is_guarded(client):
    client.force_login(make_holder().user)
    assert_guarded(client.get(reverse("progress:list")))
    client.force_login(make_reviewer())
    assert_guarded(client.get(reverse("admin:cards_cardrequest_changelist")))


@pytest.mark.parametrize("address", ["/", "/accounts/login/"])
def test_a_page_names_its_kind_and_its_characters(client, address):
    assert client.get(address)["Content-Type"] == "text/html; charset=utf-8"


def test_scripts_cannot_read_the_cookies_of_a_session(client):
    user = make_holder().user
    client.post(reverse("account_login"), {"login": user.employee_number, "password": PASSWORD})
    session = client.cookies[settings.SESSION_COOKIE_NAME]
    assert session["httponly"]
    assert session["samesite"] == "Lax"
