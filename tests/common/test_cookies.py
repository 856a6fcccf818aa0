"""Over TLS every cookie of the portal is of this host alone, and no script reads it."""

import pytest
from django.urls import reverse

from apps.common import cookies
from apps.desk import roles
from tests.factories.people import make_colleague

pytestmark = pytest.mark.django_db


@pytest.fixture
def over_tls(settings):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"


def test_each_cookie_carries_the_prefix_and_what_a_browser_asks_of_it(client, over_tls):
    colleague = make_colleague(roles.REVIEWER)
    colleague.set_password("lilac-garden-gate")
    colleague.save()
    client.get(reverse("account_login"), secure=True)
    typed = {"login": colleague.employee_number, "password": "lilac-garden-gate"}
    client.post(reverse("account_login"), typed, secure=True)
    client.post(reverse("account:look"), {"theme": "dark", "edition": "elder"}, secure=True)
    client.get(reverse("admin:index"), secure=True)
    client.get(reverse("account:look"), secure=True)
    own = {"pages", "known_device", "desk_used", "theme", "edition"}
    assert {f"__Host-{name}" for name in own} <= client.cookies.keys()
    for name, cookie in client.cookies.items():
        assert name.startswith("__Host-")
        assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")
        assert cookie["httponly"] or name == "__Host-csrftoken"


def test_a_cookie_of_the_bare_name_is_not_read_over_tls(rf, settings):
    request = rf.get("/", headers={"Cookie": "theme=dark; __Host-theme=light"})
    assert cookies.read(request, "theme") == "dark"
    settings.SESSION_COOKIE_SECURE = True
    assert cookies.read(request, "theme") == "light"
