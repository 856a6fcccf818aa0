"""What is committed late, or while others count, is counted all the same: real transactions."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.cards.enums import RequestStatus
from apps.events.models import Event
from apps.reporting import counting, figures, integrity
from apps.reporting.enums import Milestone
from apps.reporting.models import CountingProgress, StepCount
from tests.contests import at_once, meanwhile
from tests.factories import cards as steps
from tests.factories.cards import make_request
from tests.factories.people import make_reviewer

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

MONDAY = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
NOW = MONDAY + timedelta(days=4)


def approved():
    return figures.collect(weeks=1, at=NOW).weekly[Milestone.APPROVED][0]


def settled():
    return CountingProgress.objects.get().settled_event_id


def approving(card_request):
    """In another connection: approved on entering, committed on leaving."""
    return meanwhile(lambda: steps.approve(card_request, at=NOW))


def test_an_event_that_is_committed_after_younger_ones_were_counted_is_counted():
    make_reviewer()
    late, other = (make_request(RequestStatus.ACCEPTED, at=MONDAY) for _ in range(2))
    counting.count_events()
    before = settled()
    with approving(late):
        steps.approve(other, at=NOW)
        assert approved() == 1
        for _ in range(3):
            counting.count_events()
        assert approved() == 1
        last = Event.objects.order_by("-pk").values_list("pk", flat=True)[0]
        assert before <= settled() < last
    assert approved() == 2
    assert StepCount.objects.get(milestone=Milestone.APPROVED).number == 1
    for _ in range(2):
        counting.count_events()
    assert approved() == 2
    assert StepCount.objects.get(milestone=Milestone.APPROVED).number == 2


def test_two_who_count_at_once_count_each_event_once():
    for _ in range(6):
        make_request(RequestStatus.APPROVED, at=MONDAY)
        at_once(counting.count_events, counting.count_events)
    counting.count_events()
    assert not list(integrity._differ(NOW))
    assert StepCount.objects.get(milestone=Milestone.APPROVED).number == 6
    assert approved() == 6


def test_figures_that_are_read_while_others_count_are_those_of_one_moment():
    wrong = []

    def read():
        for _ in range(20):
            found = figures.collect(weeks=1, at=MONDAY)
            numbers = {found.weekly[step][0] for step in (Milestone.SUBMITTED, Milestone.PAID)}
            numbers.add(sum(place.submitted for place in found.places))
            numbers.add(found.steps[0].reached)
            if numbers != {8}:
                wrong.append(numbers)

    for _ in range(8):
        make_request(RequestStatus.APPROVED, at=MONDAY)
    at_once(read, counting.count_anew, counting.count_events)
    assert not wrong
