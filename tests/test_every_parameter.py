"""Whatever an address is asked with, it answers: nothing that is sent breaks a page.

The names are those that the view looks up in the query string or the form, so a new one is tried
without being listed anywhere. In CI every URL on PostgreSQL, which refuses more than SQLite does;
elsewhere a sample.
"""

from collections.abc import Iterator
from http.cookies import SimpleCookie
from urllib.parse import quote_from_bytes

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.test_every_url import URLS, account, address, owner_of
from tests.who_may import OWNER, VISITOR
from tests.whole_world import ROOT, make_whole_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("silent")]

# Beside text that is too long or none: what a database, a date, a number, JSON, an address and a
# regular expression cannot hold.
ODD = (
    "",
    "\x00",
    "\ud800",
    "长" * 1000,
    "-1",
    "9" * 40,
    "9" * 5000,
    "２",
    "²",
    "[" * 5000,
    '{"id": "\\ud800"}',
    "0000-00",
    "0000-00-00",
    "0001-01-01T00:00:00-14:00",
    "9999-12-31T23:59:59+14:00",
    "home:home",
    "\\\\evil",
    "//evil",
)
FEWER = 3  # of the odd texts a single name gets one of so many
SAMPLE = 60  # in `make test` one of so many URLs
# Signs out, so the rest would be asked by nobody.
LEAVES = {"account_logout", "admin:logout"}


@pytest.fixture(scope="module")
def world(prepared):
    yield from prepared(make_whole_world)


@pytest.fixture
def names(monkeypatch):
    """The names that are looked up in a query string or a form from now on."""
    found = set()
    for method in ("__getitem__", "get", "getlist", "__contains__"):
        look_up = getattr(QueryDict, method)

        def noting(data, name, *rest, look_up=look_up):
            found.add(name)
            return look_up(data, name, *rest)

        monkeypatch.setattr(QueryDict, method, noting)
    return found


class Asking:
    """One person at one browser, who asks everything anew: nothing stays changed."""

    def __init__(self, client, method):
        self.client, self.method = client, method
        self.cookies = SimpleCookie(client.cookies)

    def ask(self, url, data):
        """The status of the answer to `data`, which is sent as bytes, right or wrong."""
        pairs = (
            f"{name}={quote_from_bytes(value.encode('utf-8', 'surrogatepass'))}"
            for name, value in data.items()
        )
        text = "&".join(pairs)
        with transaction.atomic():
            if self.method == "get":
                response = self.client.get(f"{url}?{text}")
            else:
                response = self.client.post(url, text, "application/x-www-form-urlencoded")
            if response.streaming:
                list(response.streaming_content)
            transaction.set_rollback(True)
        self.client.cookies = SimpleCookie(self.cookies)
        return response.status_code


def asked(asking, url, names) -> Iterator[dict]:
    """Everything that is asked at `url`: every name with each odd text, and one with some of them.

    Where all names are odd a view often stops at the first one.
    """
    names.clear()
    asking.ask(url, {})
    asking.ask(url, dict.fromkeys(names, "1"))  # what is looked up only after another one is there
    found = sorted(names - {"csrfmiddlewaretoken"})
    for number, name in enumerate(found):
        yield from ({name: odd} for odd in ODD[number % FEWER :: FEWER])
    for odd in ODD if found else ():
        yield dict.fromkeys(found, odd)


def faults(world, names, *, who, method, urls):
    """What `who` is not answered at `urls`."""
    client = Client(raise_request_exception=False)
    if user := account(who):
        client.force_login(user)
    for name, args in urls:
        if name in LEAVES:
            continue
        if who == OWNER:
            client.force_login(owner_of(world, name, args))
        url, asking = address(world, name, args), Asking(client, method)
        for data in asked(asking, url, names):
            if asking.ask(url, data) >= 500:
                yield name, {key: value[:40] for key, value in data.items()}


def urls_of(who):
    """Those that `who` gets to see; the desk is asked by somebody with every right."""
    return [each for each in URLS if each[0].startswith(("admin:", "/admin")) == (who == ROOT)]


@pytest.mark.sampled
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", [VISITOR, OWNER, ROOT])
def test_a_sample_of_the_addresses_answers_whatever_is_asked(world, names, who, method):
    urls = urls_of(who)[len(who) :: SAMPLE]
    assert list(faults(world, names, who=who, method=method, urls=urls)) == []


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", [VISITOR, OWNER, ROOT])
def test_every_address_answers_whatever_is_asked(world, names, who, method):
    assert list(faults(world, names, who=who, method=method, urls=urls_of(who))) == []


# What may stand in the place of a reference, a code or a name in the address.
IN_ADDRESS = ("\x00", "A" * 15 + "\x00", "长" * 300, "9" * 40, "-1", "%", "A" * 16)


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", [VISITOR, OWNER, ROOT])
def test_what_is_no_reference_is_not_found(world, who, method):
    client = Client(raise_request_exception=False)
    if user := account(who):
        client.force_login(user)
    elif who == OWNER:
        client.force_login(world.owner.user)
    wrong = []
    for name, args in urls_of(who):
        known = world.arguments(name, args) if args and name not in LEAVES else None
        # A key of a row is encrypted on its way into the address, so only ours are ever read.
        if known is None or name.startswith("/") or "object_id" in args:
            continue
        for odd in IN_ADDRESS:
            try:
                url = reverse(name, kwargs=known | dict.fromkeys(args, odd))
            except NoReverseMatch:
                continue
            with transaction.atomic():
                response = getattr(client, method)(url)
                transaction.set_rollback(True)
            if response.status_code >= 500:
                wrong.append((name, odd[:20]))
    assert wrong == []
