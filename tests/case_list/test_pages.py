"""The pages of the list: complete and in order, whatever happens between two of them."""

from copy import deepcopy
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.case_list import pages
from tests.factories.cards import AT, make_request, reject

pytestmark = pytest.mark.django_db

LIST = reverse("admin:cards_cardrequest_changelist")


@pytest.fixture(scope="module")
def prepared_seven(prepared):
    """Seven that wait, three of them since the same moment."""
    minutes = (0, 1, 2, 2, 2, 3, 4)
    yield from prepared(
        lambda: [
            make_request(RequestStatus.ACCEPTED, at=AT + timedelta(minutes=minute))
            for minute in minutes
        ]
    )


@pytest.fixture
def seven(db, prepared_seven):
    return deepcopy(prepared_seven)


def page(**options):
    waiting = CardRequest.objects.filter(status=RequestStatus.ACCEPTED)
    return pages.page(waiting, size=3, **options)


@pytest.mark.parametrize("newest_first", [False, True])
def test_walking_there_and_back_shows_each_request_once(seven, newest_first):
    expected = seven[::-1] if newest_first else seven
    there = [page(newest_first=newest_first)]
    while there[-1].after:
        there.append(page(newest_first=newest_first, after=there[-1].after))
    assert [card_request for part in there for card_request in part.requests] == expected
    assert there[0].before == ""
    second = page(newest_first=newest_first, before=there[2].before)
    assert second.requests == expected[3:6]
    first = page(newest_first=newest_first, before=second.before)
    assert (first.requests, first.before) == (expected[:3], "")
    assert page(newest_first=newest_first, after=first.after).requests == expected[3:6]


def test_a_cursor_stays_good_when_its_request_was_decided(seven):
    after = page().after
    reject(seven[2], at=AT + timedelta(hours=1))
    assert page(after=after).requests == seven[3:6]


def test_a_page_that_was_decided_away_gives_way_to_the_first(seven):
    last = page(after=page(after=page().after).after)
    for card_request in last.requests:
        reject(card_request, at=AT + timedelta(hours=1))
    assert page(after=page(after=page().after).after or last.before).requests == seven[:3]


@pytest.mark.sampled
@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "~",
        "2026-11-23T02:00:00Z~NOBODYNOBODYNOBO",
        "2026-13-45T99:00:00Z~{reference}",
        "0000-00-00T00:00:00Z~{reference}",
        "2026-11-23~{reference}",
        "2026-11-23T02:00:00+08:00~{reference}",
        "\x00~{reference}",
        "2026-11-23T02:00:00Z~{reference}\x00",
        "2026-11-23T02:00:00Z~' OR 1=1 --",
        "9999-12-31T23:59:59Z~{reference}",
        "0001-01-01T00:00:00Z~{reference}",
    ],
)
@pytest.mark.parametrize("name", ["after", "before"])
def test_a_bad_cursor_is_the_first_page(desk, seven, name, cursor):
    cursor = cursor.format(reference=seven[3].reference)
    response = desk.get(LIST, {name: cursor})
    assert response.status_code == 200
    assert [row.card_request for row in response.context["rows"]] == seven


def test_a_cursor_names_a_request_by_its_reference(seven):
    assert page().after == f"2026-11-23T02:05:00Z~{seven[2].reference}"


def test_pages_are_linked_and_keep_the_conditions(desk, seven, monkeypatch):
    monkeypatch.setattr(pages.page, "__kwdefaults__", pages.page.__kwdefaults__ | {"size": 3})
    first = desk.get(LIST, {"whose": "self"})
    assert first.context["following"].startswith("whose=self&after=")
    assert not first.context["previous"]
    second = desk.get(f"{LIST}?{first.context['following']}")
    assert [row.card_request for row in second.context["rows"]] == seven[3:6]
    back = desk.get(f"{LIST}?{second.context['previous']}")
    assert [row.card_request for row in back.context["rows"]] == seven[:3]


def test_counting_stops_at_a_limit_and_the_page_is_the_same(seven):
    everything = CardRequest.objects.all()
    for limit, number in ((8, "7"), (7, "7"), (6, "6+")):
        found, count = pages.page_and_number(everything, size=3, limit=limit)
        assert (found.requests, count) == (seven[:3], number)
        found, _ = pages.page_and_number(everything, size=3, limit=limit, after=found.after)
        assert found.requests == seven[3:6]


def test_few_are_found_before_they_are_sorted(seven):
    """Else the database walks through all that waits, in its order, until it has met them all."""
    with CaptureQueriesContext(connection) as few:
        pages.page_and_number(CardRequest.objects.all())
    with CaptureQueriesContext(connection) as many:
        pages.page_and_number(CardRequest.objects.all(), limit=6)
    assert ["LIMIT 1001" in one["sql"] for one in few] == [True, True]
    assert ["LIMIT 7" in one["sql"] for one in many] == [True, False]
