"""Every address of the portal that shows a page to its owner: axe, its width, one main action.

The pages on the way of a matter are looked at in all states by test_pages; here each page has its
turn in one of them, so that a new page is looked at without being named.
"""

from itertools import cycle

import pytest
from django.test import Client
from django.urls import reverse

from tests.browser.test_pages import STATES, faults
from tests.chromium import PHONE
from tests.test_strangers import named_urls
from tests.world import make_world

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("filed_portrait"),
]

# The desk has its own tests; the cashier and the sign-in of the demonstration stand for others.
NOT_OURS = ("admin:", "cashier:", "demo:", "single_sign_on:")


def addresses(world):
    """Name → address of what the owner gets as a page, without being led on."""
    client = Client()
    client.force_login(world.owner.user)
    found = {}
    for name, args in named_urls():
        values = None if name.startswith(NOT_OURS) else world.arguments(name, args)
        if values is None:
            continue
        address = reverse(name, kwargs=values)
        response = client.get(address)
        is_html = response["Content-Type"].startswith("text/html")
        if response.status_code == 200 and is_html and b"<main" in response.content:
            found[name] = address
    return found


def test_every_page_of_an_owner(signed_in, assert_accessible):
    world = make_world()
    pages = addresses(world)
    assert len(pages) > 40, pages
    page = signed_in(world.owner, viewport=PHONE)
    found = {}
    for (name, address), state in zip(pages.items(), cycle(STATES), strict=False):
        page.goto(address)
        found[name] = faults(page, assert_accessible, [state])
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
