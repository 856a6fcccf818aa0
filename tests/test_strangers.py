"""Nobody sees what isn't theirs: every URL is requested by people without access."""

import re
from copy import deepcopy

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from apps.common.moments import day_of
from tests.factories.people import make_holder, make_user, make_ward
from tests.sampling import some
from tests.world import make_world

pytestmark = pytest.mark.django_db

# Open to everybody, by decision: reading matter, signing in, and what machines call.
OPEN = re.compile(
    r"^(home:home|home:matters|single_sign_on:|demo:|account:mine|account:look|regions:|people:consent_text|operations:metrics"
    r"|(application|activation|replacement|loss_report):guide"
    r"|account_(login|unlock|logout|inactive|welcome|reset_\w+)"
    r"|offline|payments:notify|cashier:|admin:(login|logout|jsi18n))"
)


def named_urls(patterns=None, namespace=""):
    """Every named URL as (name, names of its arguments), whichever kind of pattern it has."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from named_urls(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            arguments = {*pattern.pattern.converters, *pattern.pattern.regex.groupindex}
            yield f"{namespace}{pattern.name}", sorted(arguments)


PERSONAL = [(name, args) for name, args in named_urls() if not OPEN.match(name)]


def address(name, args, world):
    values = world.arguments(name, args)
    return None if values is None else reverse(name, kwargs=values)


@pytest.fixture(scope="module")
def prepared_world(prepared):
    yield from prepared(make_world)


@pytest.fixture
def world(prepared_world):
    return deepcopy(prepared_world)


@pytest.mark.parametrize("method", some(["get", "post"], "get"))
def test_who_has_not_signed_in_is_asked_to_on_every_personal_page(client, world, method):
    let_in = []
    for name, args in PERSONAL:
        url = address(name, args, world)
        if url is None:
            continue
        response = getattr(client, method)(url)
        asked = response.status_code == 302 and "login" in response["Location"]
        if not asked and response.status_code not in (403, 404, 405):
            let_in.append(f"{name} answered {response.status_code}")
    assert let_in == []


@pytest.mark.parametrize("method", some(["get", "post"], "get"))
@pytest.mark.parametrize("who", some(["another holder", "another guardian"], "another guardian"))
def test_another_person_finds_nothing_behind_a_reference(client, world, method, who):
    other = make_holder()
    if who == "another guardian":
        make_ward(other)
    client.force_login(other.user)
    let_in = []
    for name, args in PERSONAL:
        if not args or name.startswith(("admin:", "account_")):
            continue
        url = address(name, args, world)
        if url is None:
            continue
        response = getattr(client, method)(url)
        if response.status_code not in (403, 404, 405):
            let_in.append(f"{name} answered {response.status_code}")
    assert let_in == []


@pytest.mark.slow
def test_staff_without_a_role_see_nothing_in_the_admin(client, world):
    client.force_login(make_user(is_staff=True))
    let_in = []
    for name, args in PERSONAL:
        if not name.startswith("admin:") or name in {
            "admin:index",
            "admin:logout",
            "admin:password_change",
            "admin:password_change_done",
            "admin:still_here",
        }:
            continue
        url = address(name, args, world)
        if url is None:
            continue
        response = client.get(url)
        if response.status_code not in (302, 403, 404, 405):
            let_in.append(f"{name} answered {response.status_code}")
    assert let_in == []


def test_a_guardian_s_access_ends_on_the_16th_birthday(client, world):
    guardian = make_holder()
    today = day_of(timezone.now())
    ward = make_ward(guardian, birth_date=today.replace(year=today.year - 16, month=1, day=1))
    client.force_login(guardian.user)
    assert ward not in type(ward).objects.visible_to(guardian.user, at=timezone.now())
