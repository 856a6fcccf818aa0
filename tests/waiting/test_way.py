"""The way of a request in days: true lengths, the days that are left, and the last day in time."""

from datetime import timedelta

import pytest

from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.requests import promises
from apps.waiting import timeline
from apps.waiting.way import way
from tests.factories.cards import AT, approve, make_request

pytestmark = pytest.mark.django_db

UNDER_WAY = [
    RequestStatus.ACCEPTED,
    RequestStatus.APPROVED,
    RequestStatus.PRODUCED,
    RequestStatus.DISPATCHED,
]


def way_of(card_request, *, at=AT):
    row = CardRequest.objects.with_milestones().get(pk=card_request.pk)
    return way(row, promises.stage_times([row])[row.pk], at=at)


@pytest.mark.parametrize("status", RequestStatus)
def test_only_what_is_under_way_has_a_way(status):
    assert (way_of(make_request(status)) is not None) == (status in UNDER_WAY)


@pytest.mark.parametrize("status", UNDER_WAY)
def test_the_parts_fill_the_bar_and_one_is_under_way(status):
    shown = way_of(make_request(status), at=AT + timedelta(days=1))
    last = shown.stretches[-1]
    assert last.left + last.width == pytest.approx(100, abs=0.1)
    assert [part.is_current for part in shown.stretches].count(True) == 1
    assert all(part.done <= part.width for part in shown.stretches)


def test_a_part_is_as_long_as_it_took():
    card_request = make_request(RequestStatus.ACCEPTED)
    approve(card_request, at=AT + timedelta(days=4))
    shown = way_of(card_request, at=AT + timedelta(days=6))
    review, making, _ = shown.stretches
    assert (review.days, review.is_over) == (4, True)
    assert making.passed == 2
    assert review.width / making.width == pytest.approx(review.days / making.days, rel=0.01)


def test_the_days_left_lead_to_the_day_of_the_timeline():
    card_request = make_request(RequestStatus.APPROVED)
    shown = way_of(card_request)
    arrives = timeline.expected_dates(card_request, at=AT)[RequestAction.COLLECT]
    assert shown.days_left == (arrives - day_of(AT)).days
    assert shown.latest_date >= arrives


def test_a_card_that_is_late_on_its_last_part_has_no_days_left():
    late = way_of(make_request(RequestStatus.DISPATCHED), at=AT + timedelta(days=90))
    assert late.days_left is None
    assert late.current.mark == pytest.approx(100, abs=0.1)


def test_the_milestones_of_many_requests_cost_one_query(django_assert_num_queries):
    for _ in range(2):
        make_request(RequestStatus.APPROVED)
    with django_assert_num_queries(1):
        rows = list(CardRequest.objects.with_milestones())
    assert [row.approved_at > row.accepted_at for row in rows] == [True, True]
