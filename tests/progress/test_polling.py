"""制卡进度查询: how the page keeps itself up to date."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from apps.cards.enums import RequestAction, RequestStatus
from apps.desk.claims import services as claims
from apps.events.enums import AS_WORKER
from apps.lifecycle import engine
from tests.factories.cards import (
    dispatch,
    make_request,
    produce,
)
from tests.factories.moments import ago
from tests.factories.people import make_reviewer
from tests.progress.steps import MADE, make_shipped, shown

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def trigger(page):
    found = re.search(r'hx-trigger="every (\d+)s, seen"', page)
    return int(found[1]) if found else None


def without_token(text):
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text).strip()


def test_the_fragment_is_the_very_parts_that_the_page_includes(client):
    card_request = make_shipped(*MADE, dispatch, at=ago(days=1))
    page, fragment = (
        without_token(shown(client, card_request, headers=headers)) for headers in ({}, HTMX)
    )
    assert "<html" not in fragment
    live, *others = split(fragment)
    assert live in page
    assert len(others) == 4
    for part in others:
        assert part.count(' hx-swap-oob="true"') == 1
        assert part.replace(' hx-swap-oob="true"', "") in page


def split(fragment):
    """The live part, and what comes along: the steps, what can be done, 收件信息, 单据."""
    starts = (
        '<div id="steps"',
        '<div class="act" id="act"',
        '<section class="card" id="shipment"',
        '<section class="card papers" id="papers"',
    )
    places = [0, *(fragment.index(start) for start in starts), len(fragment)]
    return [fragment[i:j].strip() for i, j in pairwise(places)]


def test_the_tracking_number_reaches_the_second_column_by_a_poll(client):
    card_request = make_shipped(*MADE, at=ago(days=1))
    seen = re.search(r'hx-get="([^"]+)"', shown(client, card_request))[1]
    dispatch(card_request, at=timezone.now())
    *_, shipment, _ = split(client.get(seen, headers=HTMX).content.decode())
    assert "1000000000001" in shipment


def test_a_page_without_htmx_shows_the_same_on_every_load(client):
    card_request = make_request(RequestStatus.APPROVED, at=ago(hours=1))
    assert "由制卡中心制作" in shown(client, card_request)
    produce(card_request, at=timezone.now())
    assert "卡已制好" in shown(client, card_request)


@pytest.mark.parametrize(
    ("time", "seconds"), [({"minutes": 0}, 3), ({"minutes": 10}, 15), ({"days": 2}, 60)]
)
def test_the_page_asks_often_while_something_is_about_to_happen(client, time, seconds):
    card_request = make_request(RequestStatus.ACCEPTED, at=ago(**time) - timedelta(minutes=3))
    assert trigger(shown(client, card_request)) == seconds


@pytest.mark.parametrize(
    "status",
    [
        RequestStatus.COLLECTED,
        RequestStatus.REJECTED,
        RequestStatus.LAPSED,
        RequestStatus.WITHDRAWN,
    ],
)
def test_in_a_final_state_the_page_stops_asking(client, status):
    page = shown(client, make_request(status), headers=HTMX)
    assert trigger(page) is None
    assert "hx-get" not in page


def test_a_poll_gets_nothing_until_something_has_changed(client):
    card_request = make_request(RequestStatus.PAID, at=ago(days=1))
    seen = re.search(r'hx-get="([^"]+)"', shown(client, card_request))[1]
    assert client.get(seen, headers=HTMX).status_code == 204
    engine.move(
        card_request,
        RequestAction.ACCEPT,
        at=timezone.now(),
        **AS_WORKER,
    )
    response = client.get(seen, headers=HTMX)
    assert response.status_code == 200
    assert "受理制卡申请" in response.content.decode()


def test_a_poll_that_finds_nothing_costs_three_queries(client, django_assert_num_queries):
    """The session, the account, and the request with the number of events."""
    card_request = make_request(RequestStatus.PAID, at=ago(days=1))
    seen = re.search(r'hx-get="([^"]+)"', shown(client, card_request))[1]
    with django_assert_num_queries(3):
        assert client.get(seen, headers=HTMX).status_code == 204


def test_signing_in_elsewhere_is_no_news(client):
    card_request = make_request(RequestStatus.PAID, at=ago(days=1))
    seen = re.search(r'hx-get="([^"]+)"', shown(client, card_request))[1]
    client.force_login(card_request.holder.user)
    assert client.get(seen, headers=HTMX).status_code == 204


def test_a_reviewer_who_begins_to_read_is_news(client):
    """From then on the applicant asks the desk instead of changing the request alone."""
    card_request = make_request(RequestStatus.ACCEPTED, at=ago(days=1))
    seen = re.search(r'hx-get="([^"]+)"', shown(client, card_request))[1]
    assert client.get(seen, headers=HTMX).status_code == 204
    claims.claim(subject=card_request, by=make_reviewer(), at=timezone.now())
    assert "请人事处修改" in client.get(seen, headers=HTMX).content.decode()


def test_the_back_button_gets_the_whole_page(client):
    card_request = make_request(RequestStatus.ACCEPTED)
    headers = HTMX | {"HX-History-Restore-Request": "true"}
    assert "<html" in shown(client, card_request, headers=headers)
