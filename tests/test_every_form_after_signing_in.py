"""Every page that has a form, of the portal and of the desk, after the session has ended.

The pages come from the resolver, so a new room is tried without a line here.
"""

import pytest
from django.db import transaction
from django.urls import reverse

from apps.people import unsent_forms
from apps.unsent.shown import FIELD
from tests.ended_sessions import Person, filled_in, held_by, to_fill_in
from tests.test_every_url import owner_of
from tests.test_strangers import named_urls
from tests.whole_world import ROOT, make_whole_world, member_of_staff

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("silent")]
# Pages for whoever has not signed in; and the screen of portraits, whose form has another address
# each time it is opened: tests/bulk/test_contact_sheet.py.
LEFT_OUT = ("cashier:", "demo:", "account_login", "account_logout", "account_unlock")
LEFT_OUT += ("account_reset", "admin:bulk_bulkrun_sheet")
# A page that is confirmed shows what is true now, and carries that.
AS_IT_IS_NOW = {FIELD}


@pytest.fixture(scope="module")
def world(prepared):
    yield from prepared(make_whole_world)


def pages(world, *, of_the_desk):
    """(account, address) of every page behind a URL, with whoever may fill in its form."""
    for name, args in named_urls():
        values = world.arguments(name, args)
        if values is None or name.startswith(LEFT_OUT):
            continue
        is_of_desk = name.startswith("admin:")
        if is_of_desk == of_the_desk:
            user = member_of_staff(ROOT) if is_of_desk else owner_of(world, name, args)
            yield user, reverse(name, kwargs=values)


def lost(user, address, action):
    """What was typed into the form that is posted to `action` and is gone after signing in."""
    person = Person(user)
    typed = filled_in(to_fill_in(person.open(address), address)[action])
    sign_in = person.send_too_late(action, typed, at=address)
    again = to_fill_in(person.come_back(sign_in), address)
    if action not in again:
        return {"the form"}
    held = held_by(again[action])
    kept = unsent_forms.SECRETS | AS_IT_IS_NOW
    return {name for name, value in typed.items() if name not in kept and held.get(name) != value}


@pytest.mark.parametrize("of_the_desk", [False, True])
def test_what_was_typed_is_in_the_form_again(world, of_the_desk):
    tried, found = set(), {}
    for user, address in pages(world, of_the_desk=of_the_desk):
        with transaction.atomic():
            person = Person(user)
            response = person.client.get(address)
            is_page = response.status_code == 200 and "html" in response["Content-Type"]
            if is_page and not response.streaming:
                for action in to_fill_in(person.open(address), address).keys() - tried:
                    tried.add(action)
                    if gone := lost(user, address, action):
                        found[action] = gone
            transaction.set_rollback(True)
    assert found == {}
    assert len(tried) > (50 if of_the_desk else 10)
