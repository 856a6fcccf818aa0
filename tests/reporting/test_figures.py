"""Figures against stories counted by hand, across the borders of weeks in Beijing."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.cards.enums import CardAction, CardStatus, RequestAction, RequestStatus, Stage
from apps.events.enums import AS_WORKER, Channel, Role
from apps.lifecycle import engine
from apps.reporting import counting, figures
from apps.reporting.enums import Milestone
from apps.reporting.figures import Window
from tests.factories import cards as steps
from tests.factories.cards import make_card, make_draft, make_request
from tests.factories.regions import make_bank, make_city
from tests.reporting.ways import collect_each_way

pytestmark = pytest.mark.django_db

# Wednesday, 25 November 2026, 10:00 in Beijing; its week began at Sunday 16:00 UTC.
NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def weekly(weeks=4, at=NOW):
    return collect_each_way(weeks=weeks, at=at).weekly


def submitted(at, **options):
    card_request = make_draft(at=at - timedelta(minutes=1), **options)
    steps.submit(card_request, at=at)
    return card_request


def collect(weeks=4, at=NOW):
    return collect_each_way(weeks=weeks, at=at)


def test_a_window_is_whole_weeks_from_monday_up_to_now():
    window = Window(3, NOW)
    assert window.mondays == [date(2026, 11, 9), date(2026, 11, 16), date(2026, 11, 23)]
    assert window.since == date(2026, 11, 9)


def test_the_week_changes_at_midnight_between_sunday_and_monday_in_beijing():
    submitted(MIDNIGHT - SECOND)
    submitted(MIDNIGHT)
    submitted(MIDNIGHT + SECOND)
    assert weekly()[Milestone.SUBMITTED] == [0, 0, 1, 2]


def test_what_happened_before_the_window_or_after_its_last_week_is_not_counted():
    begin = MIDNIGHT - timedelta(weeks=3)
    submitted(begin - SECOND)
    submitted(begin)
    submitted(MIDNIGHT + timedelta(weeks=1))
    assert weekly()[Milestone.SUBMITTED] == [1, 0, 0, 0]


def test_each_stage_is_counted_in_the_week_in_which_it_was_reached():
    card_request = submitted(MIDNIGHT - timedelta(days=20))  # a Tuesday in the first week
    for days, step in (
        (20, steps.pay),
        (19, steps.accept),
        (13, steps.approve),
        (6, steps.produce),
    ):
        step(card_request, at=MIDNIGHT - timedelta(days=days) + SECOND)
    steps.dispatch(card_request, at=MIDNIGHT)
    steps.collect(card_request, at=MIDNIGHT + timedelta(days=1))
    assert weekly() == {
        Milestone.SUBMITTED: [1, 0, 0, 0],
        Milestone.PAID: [1, 0, 0, 0],
        Milestone.APPROVED: [0, 1, 0, 0],
        Milestone.MADE: [0, 0, 1, 0],
        Milestone.SENT: [0, 0, 0, 1],
        Milestone.RECEIVED: [0, 0, 0, 1],
    }


def test_a_request_that_is_approved_again_counts_once_in_the_week_of_the_last_approval():
    card_request = make_request(RequestStatus.APPROVED, at=MIDNIGHT - timedelta(days=10))
    engine.move(card_request, RequestAction.FAIL, at=MIDNIGHT, reason="照片", **AS_WORKER)
    steps.approve(card_request, at=MIDNIGHT + timedelta(hours=1))
    found = collect()
    assert found.weekly[Milestone.APPROVED] == [0, 0, 0, 1]
    assert [step.reached for step in found.steps] == [1, 1, 1, 0, 0, 0]


@pytest.mark.slow
def test_the_funnel_follows_the_requests_that_were_submitted_in_the_window():
    at = MIDNIGHT - timedelta(days=3)
    for status in (
        RequestStatus.DRAFT,
        RequestStatus.SUBMITTED,
        RequestStatus.WITHDRAWN,
        RequestStatus.LAPSED,
        RequestStatus.ACCEPTED,
        RequestStatus.REJECTED,
        RequestStatus.APPROVED,
        RequestStatus.PRODUCED,
        RequestStatus.COLLECTED,
    ):
        make_request(status, at=at)
    make_card(CardStatus.ACTIVE, at=at)
    make_card(CardStatus.ACTIVE, at=at - timedelta(weeks=10))
    found = {step.milestone: (step.reached, step.ended) for step in collect().steps}
    assert found == {
        Milestone.SUBMITTED: (9, 3),
        Milestone.PAID: (6, 1),
        Milestone.APPROVED: (4, 0),
        Milestone.MADE: (3, 0),
        Milestone.RECEIVED: (2, 0),
        Milestone.ACTIVATED: (1, 0),
    }


def test_a_card_that_was_activated_and_lost_is_activated_once():
    make_card(CardStatus.LOST, at=MIDNIGHT - timedelta(days=3))
    assert collect().steps[-1].reached == 1


def test_the_time_in_a_stage_is_the_median_and_ninth_tenth_over_all_cities():
    monday = datetime(2026, 11, 9, 2, 0, tzinfo=UTC)
    for days, code in ((0, "370100"), (1, "370100"), (3, "370300")):
        card_request = make_request(RequestStatus.ACCEPTED, at=monday, city=make_city(code, code))
        steps.approve(card_request, at=monday + timedelta(days=days, hours=1))
    review, produce, *_ = collect().lengths
    assert (review.stage, review.sample, review.median_days, review.p90_days) == (
        Stage.REVIEW,
        3,
        1,
        3,
    )
    assert (produce.sample, produce.median_days) == (0, None)


def test_places_count_submitted_in_hand_and_overdue_by_city_and_bank():
    other = make_bank("95588", "中国工商银行")
    city = make_city(banks=[make_bank(), other])
    long_ago = NOW - timedelta(days=60)
    make_request(RequestStatus.ACCEPTED, at=NOW - timedelta(days=10), city=city)
    make_request(RequestStatus.ACCEPTED, at=NOW - timedelta(hours=1), city=city)
    make_request(RequestStatus.COLLECTED, at=NOW - timedelta(days=10), city=city)
    make_request(RequestStatus.APPROVED, at=long_ago, city=city, bank=other)
    make_request(RequestStatus.NEEDS_AMENDMENT, at=long_ago, city=city, bank=other)
    make_request(RequestStatus.REJECTED, at=long_ago, city=city, bank=other)
    first, second = collect().places
    assert (first.city, first.bank) == ("济南市", "中国建设银行")
    assert (first.submitted, first.in_hand, first.overdue, first.review_days) == (3, 2, 1, 0)
    assert (second.submitted, second.in_hand, second.overdue, second.review_days) == (0, 2, 1, None)


def test_without_any_request_everything_is_zero():
    found = collect()
    assert found.is_empty
    assert {step.reached for step in found.steps} == {0}
    assert found.places == []


def test_an_activation_of_an_old_card_is_no_step_of_a_new_request():
    card_request = make_request(RequestStatus.COLLECTED, at=NOW - timedelta(weeks=30))
    engine.move(
        card_request.card,
        CardAction.ACTIVATE,
        by=card_request.applicant,
        role=Role.HOLDER,
        at=NOW,
        channel=Channel.WEB,
    )
    assert collect().steps[-1].reached == 0


@pytest.mark.parametrize("is_counted", [True, False])
def test_6_requests_take_the_same_queries_as_2(is_counted):
    found = []
    for number in (2, 4):
        for index in range(number):
            city = make_city(*(("370100", "济南市"), ("370300", "淄博市"))[index % 2])
            make_request(RequestStatus.COLLECTED, at=MIDNIGHT - timedelta(days=index), city=city)
            make_request(RequestStatus.ACCEPTED, at=MIDNIGHT, city=city)
        if is_counted:
            counting.count_events()
        with CaptureQueriesContext(connection) as captured:
            figures.collect(weeks=4, at=NOW)
        found.append(len(captured))
    assert found == [10, 10] if is_counted else [13, 13]
