"""Every URL × method × person against one table (tests/who_may.py), in CI; here a sample of it.

The URLs come from the resolver: a new one without a line in the table fails.
"""

import re
from http.cookies import SimpleCookie

import pytest
from django.apps import apps
from django.db import transaction
from django.urls import reverse

from apps.common.request_limits import METHODS
from tests import seen_data, who_may
from tests.factories.people import make_holder, make_ward
from tests.who_may import GUARDIAN, NOT_THIS_WAY, NOTHING, OWNER, PEOPLE, STRANGER, VISITOR
from tests.whole_world import ROOT, make_whole_world, member_of_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("silent")]

URLS = list(who_may.every_url())
OPEN = {"/admin/login/", "admin:logout"}  # lead to those of the portal
CATCH_ALL = "/admin/(?P<url>.*)$"
# Where there is nothing of the kind in the world of the tests.
MADE_UP = {
    "token": "no-such-token",
    "signed_day": "no-such-day",
    "key": "no-such-key",
    "url": "nothing-here",
    "kind": "service",
    "version": "0",
}
SAMPLE = 48  # in `make test` each person asks one in so many
# Whose rows can stand behind a reference, and how the person is found.
OWNED = {
    "people.Holder": lambda holder: holder,
    "people.Guardianship": lambda bond: bond.guardian,
    "cards.Card": lambda card: card.holder,
    "cards.CardRequest": lambda card_request: card_request.holder,
    "verification.Check": lambda check: check.holder,
    "payments.Payment": lambda payment: payment.card_request.holder,
}


@pytest.fixture(scope="module")
def world(prepared):
    yield from prepared(make_whole_world)


def test_every_url_stands_in_the_table():
    assert [name for name, _ in URLS if who_may.line_of(name) is None] == []


def test_every_line_of_the_table_is_of_a_url():
    used = [who_may.line_of(name) for name, _ in URLS]
    assert [line[0] for line in who_may.lines() if line not in used] == []


def address(world, name, args):
    known = world.arguments(name, args)
    values = known if known is not None else {arg: MADE_UP.get(arg) for arg in args}
    assert None not in values.values(), f"{name}: tests.world knows no value for {args}"
    return reverse(name, kwargs=values) if not name.startswith("/") else _path(name, values)


def _path(route, values):
    if route == CATCH_ALL:
        return f"/admin/{values['url']}/"
    for name, value in values.items():
        route = re.sub(rf"<\w+:{name}>", str(value), route)
    return route


def owner_of(world, name, args):
    """The account of the person to whom the row behind the URL belongs."""
    reference = (world.arguments(name, args) or {}).get("reference")
    for label, person in OWNED.items():
        row = apps.get_model(label).objects.filter(reference=reference).first()
        if row is not None:
            holder = person(row)
            return (holder if holder.user_id else holder.guardians.first().guardian).user
    return world.owner.user


def account(who):
    """An account for `who`; None for a visitor, and for the owner, whom each URL has of its own."""
    if who in (VISITOR, OWNER):
        return None
    if who not in (STRANGER, GUARDIAN):
        return member_of_staff(who)
    holder = make_holder()
    if who == GUARDIAN:
        make_ward(holder)
    return holder.user


def wrong(expected, who, name, response):
    """What is wrong with the answer that `who` got, or None."""
    code = response.status_code
    is_sign_in = code == 302 and "/login/" in response["Location"]
    is_away = is_sign_in or code in (403, 404)
    if code >= 500:
        return code
    if name.startswith(("admin:", "/admin")):
        is_let_in = not is_sign_in and code != 403
        if who not in who_may.EVERYBODY:
            return None if is_away or name in OPEN else code
        return None if is_let_in == (who in expected) else code
    if expected in (NOT_THIS_WAY, NOTHING):
        is_right = is_away or (code == 405 and expected == NOT_THIS_WAY)
    elif who in expected:
        is_right = not is_away and code != 405
    else:
        is_right = is_away
    return None if is_right else code


def disagreements(client, world, who, urls):
    """What `who` is answered at `urls` by GET and by POST and the table does not say."""
    user = account(who)
    if user:
        client.force_login(user)
    cookies = SimpleCookie(client.cookies)
    for name, args in urls:
        _, *expected = who_may.line_of(name)
        for method, cell in zip(("get", "post"), expected, strict=True):
            with transaction.atomic():
                if who == OWNER:
                    client.force_login(owner_of(world, name, args))
                response = getattr(client, method)(address(world, name, args))
                transaction.set_rollback(True)
            client.cookies = SimpleCookie(cookies)
            if (found := wrong(cell, who, name, response)) is not None:
                yield f"{method} {name}: {found}"


@pytest.mark.sampled
@pytest.mark.parametrize("who", PEOPLE)
def test_a_sample_of_the_table_holds(client, world, who):
    first = PEOPLE.index(who)
    assert list(disagreements(client, world, who, URLS[first::SAMPLE])) == []


# Staff at the pages of the admin: tests/desk/test_roles.py, against the same table.
@pytest.mark.slow
@pytest.mark.parametrize("who", PEOPLE)
def test_the_whole_table_holds(client, world, who):
    urls = [url for url in URLS if who not in who_may.EVERYBODY or not url[0].startswith("admin:")]
    assert list(disagreements(client, world, who, urls)) == []


@pytest.mark.slow
@pytest.mark.parametrize("who", [OWNER, GUARDIAN, VISITOR])
def test_no_page_of_the_portal_shows_more_than_the_table_of_masks(client, world, who):
    held, shown = seen_data.values(), []
    user = account(who)
    for name, args in URLS:
        if name.startswith(("admin:", "/admin", "demo:", "account_logout")):
            continue
        if user or who == OWNER:
            client.force_login(user or owner_of(world, name, args))
        response = client.get(address(world, name, args))
        if response.status_code == 200 and not response.streaming:
            shown += seen_data.leaks(name, response.content.decode(), held)
    assert shown == []


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_no_url_takes_another_method(client, world, method):
    """Said in words of ours before anything is looked up."""
    for name, args in URLS[::SAMPLE]:
        response = getattr(client, method)(address(world, name, args))
        assert response.status_code == 405, name
        assert response["Allow"] == ", ".join(METHODS)
        assert "什么也没有改" in response.content.decode()


# Pages that ask with htmx in another state than that of the world of the tests.
MAY_ASK = {
    "activation:guide",
    "activation:records",
    "application:form",
    "home:records",
    "loss_report:guide",
    "loss_report:records",
    "payments:return",
}


@pytest.mark.slow
@pytest.mark.parametrize("who", [OWNER, VISITOR])
def test_htmx_is_sent_to_pages_that_ask_with_it_and_to_no_other(client, world, who):
    """It is the heaviest thing that a page links."""
    wrong = []
    for name, args in URLS:
        if name.startswith(("admin:", "/admin", "demo:", "account_logout")):
            continue
        if who == OWNER:
            client.force_login(owner_of(world, name, args))
        response = client.get(address(world, name, args))
        if response.status_code == 200 and not response.streaming:
            html = response.content.decode()
            asks = re.search(r"\shx-(?:get|post|trigger)=", html) is not None
            is_expected = {asks, asks or name in MAY_ASK}
            if "<html" in html and ("htmx-2" in html) not in is_expected:
                wrong.append(name)
    assert wrong == []


# A HEAD uses up no ticket or code of another house.
ONCE = ("single_sign_on:",)


@pytest.mark.slow
@pytest.mark.parametrize("who", [VISITOR, OWNER, ROOT])
def test_head_is_answered_as_get(client, world, who):
    user = account(who)
    if user:
        client.force_login(user)
    different = []
    for name, args in URLS:
        is_of_desk = name.startswith(("admin:", "/admin"))
        if name in OPEN or name.startswith(ONCE) or is_of_desk != (who == ROOT):
            continue
        with transaction.atomic():
            if who == OWNER:
                client.force_login(owner_of(world, name, args))
            url = address(world, name, args)
            answers = [client.get(url).status_code, client.head(url).status_code]
            transaction.set_rollback(True)
        if len({*answers}) > 1:
            different.append((name, *answers))
    assert different == []
