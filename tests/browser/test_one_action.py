"""One filled button in view, on every page of the portal and of the desk.

And where a page has one, it is in view as the page opens on a screen of 1280 × 800. The desk is
looked at in each role; test_every_address.py and test_pages.py look at more of the portal.
"""

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from apps.desk import roles
from tests.browser.test_every_address import addresses
from tests.browser.test_pages import MAIN_ACTIONS
from tests.chromium import DESKTOP, SETTLED
from tests.factories.people import make_colleague, make_holder
from tests.test_strangers import named_urls
from tests.whole_world import make_whole_world

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("filed_portrait"),
]

# Django's own pages: its form to change a row, its history, its log of what was deleted.
STOCK = ("_add", "_history", "_delete", "view_on_site", "jsi18n", "logout", "autocomplete")
ROLES = [roles.REVIEWER, roles.SUPERVISOR, roles.FINANCE, roles.HANDER, roles.OPERATOR]


def pages_of_the_desk(world, user):
    """Name → address of each page of the desk that `user` gets without being led on."""
    client = Client()
    client.force_login(user)
    found = {}
    for name, args in named_urls():
        values = world.arguments(name, args) if name.startswith("admin:") else None
        if values is None or name.endswith(STOCK):
            continue
        try:
            address = reverse(name, kwargs=values)
        except NoReverseMatch:
            continue
        response = client.get(address)
        is_html = response["Content-Type"].startswith("text/html")
        if response.status_code == 200 and is_html and b"<main" in response.content:
            found[name] = address
    return found


def wrong_actions(page, pages):
    found = {}
    for name, address in pages.items():
        page.goto(address)
        page.evaluate(SETTLED)
        every, in_view = page.evaluate(MAIN_ACTIONS)
        if len(in_view) > 1:
            found[name] = f"more than one in view: {in_view}"
        elif every and not in_view:
            found[name] = f"none in view: {every}"
    return found


def test_a_person_s_pages(signed_in):
    world = make_whole_world()
    page = signed_in(world.owner, viewport=DESKTOP)
    assert wrong_actions(page, addresses(world)) == {}


@pytest.mark.parametrize("role", ROLES)
def test_the_pages_of_a_role_at_the_desk(signed_in, role):
    world, colleague = make_whole_world(), make_colleague(role)
    pages = pages_of_the_desk(world, colleague)
    assert pages
    page = signed_in(make_holder(name="同事", user=colleague), viewport=DESKTOP)
    assert wrong_actions(page, pages) == {}
