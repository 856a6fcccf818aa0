"""The counts behind the figures are kept up by the events, and say what the book says."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from apps.cards.enums import CardAction, RequestAction, RequestStatus
from apps.common import working_days
from apps.common.deadlines import Deadline
from apps.common.working_days import WorkingCalendar
from apps.events.enums import AS_WORKER, Channel, Role
from apps.lifecycle import engine
from apps.reporting import counting, figures, integrity, kept, scan
from apps.reporting.enums import Milestone
from apps.reporting.models import (
    TALLIES,
    CountedRequest,
    CountingProgress,
    InHandCount,
    StageCount,
    StandingCount,
    StatusCount,
    StepCount,
)
from tests.factories import cards as steps
from tests.factories.cards import make_draft, make_request
from tests.reporting.ways import collect_each_way

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
NOW = MONDAY + timedelta(days=4)


def rows():
    return {
        tally: sorted(tally.objects.exclude(number=0).values_list(*tally.KEY, "number"), key=str)
        for tally in TALLIES
    }


def differing():
    return list(integrity._differ(NOW))


def test_a_move_is_in_the_figures_before_it_is_counted_and_after():
    card_request = make_request(RequestStatus.ACCEPTED, at=MONDAY)
    counting.count_events()
    steps.approve(card_request, at=NOW)
    assert figures.collect(weeks=1, at=NOW).weekly[Milestone.APPROVED] == [1]
    assert not StepCount.objects.filter(milestone=Milestone.APPROVED).exists()
    counting.count_events()
    assert StepCount.objects.get(milestone=Milestone.APPROVED).number == 1
    assert figures.collect(weeks=1, at=NOW).weekly[Milestone.APPROVED] == [1]


def test_what_is_lost_again_is_taken_off_the_counts():
    card_request = make_request(RequestStatus.ACCEPTED, at=MONDAY)
    counting.count_events()
    before = rows()
    steps.approve(card_request, at=NOW)
    counting.count_events()
    assert rows() != before
    engine.move(card_request, RequestAction.FAIL, at=NOW, reason="照片", **AS_WORKER)
    counting.count_events()
    after = rows()
    assert (after[StepCount], after[StandingCount]) == (before[StepCount], before[StandingCount])
    waiting = (RequestStatus.ACCEPTED, RequestAction.FAIL, date(2026, 11, 6))
    assert [key[:3] for key in after[InHandCount]] == [waiting]
    # The bureau could not make it: the review that had led there was a review all the same.
    assert StageCount.objects.get().number == 1


def test_counting_twice_changes_nothing():
    make_request(RequestStatus.COLLECTED, at=MONDAY)
    assert counting.count_events()
    once = rows(), list(CountedRequest.objects.values())
    assert counting.count_events() == 0
    assert (rows(), list(CountedRequest.objects.values())) == once


def test_an_activation_is_counted_though_it_is_no_event_of_the_request():
    card_request = make_request(RequestStatus.COLLECTED, at=MONDAY)
    counting.count_events()
    engine.move(
        card_request.card,
        CardAction.ACTIVATE,
        by=card_request.applicant,
        role=Role.HOLDER,
        at=NOW,
        channel=Channel.WEB,
    )
    assert collect_each_way(weeks=1, at=NOW).steps[-1].reached == 1
    assert [standing for _, standing, _ in rows()[StandingCount]] == [Milestone.ACTIVATED]


def test_counts_without_a_single_thing_left_are_deleted():
    card_request = make_draft(at=MONDAY)
    steps.submit(card_request, at=MONDAY)
    counting.count_events()
    steps.withdraw(card_request, at=NOW)
    counting.count_events()
    assert counting.delete_empty() == 3
    assert not InHandCount.objects.exists()
    assert [row.standing for row in StandingCount.objects.all()] == [RequestStatus.WITHDRAWN]


def test_counting_goes_on_where_it_ran_out_of_time(monkeypatch):
    monkeypatch.setattr(counting, "BATCH", 3)
    make_request(RequestStatus.COLLECTED, at=MONDAY)
    make_request(RequestStatus.APPROVED, at=MONDAY)
    done = 0
    for _ in range(20):
        done += counting.count_events(deadline=Deadline(0))
    assert done
    assert not kept.unseen().exists()
    assert not list(kept.behind(0))
    assert differing() == []


def test_with_too_much_to_count_the_figures_say_how_much_they_leave_out(monkeypatch):
    make_request(RequestStatus.COLLECTED, at=MONDAY)
    monkeypatch.setattr(kept, "MOST_BESIDE", 2)
    found = figures.collect(weeks=1, at=NOW)
    assert found.uncounted >= 7
    assert found.weekly[Milestone.SUBMITTED] == [0]
    assert not found.is_empty
    counting.count_events()
    assert figures.collect(weeks=1, at=NOW).uncounted == 0


def test_a_wrong_count_is_found_and_counting_anew_puts_it_right():
    make_request(RequestStatus.COLLECTED, at=MONDAY)
    make_request(RequestStatus.ACCEPTED, at=MONDAY)
    counting.count_events()
    right = rows()
    assert differing() == []
    StepCount.objects.filter(milestone=Milestone.PAID).update(number=7)
    InHandCount.objects.all().delete()
    StatusCount.objects.update(number=2)
    assert len(differing()) == 3
    counting.count_anew()
    assert differing() == []
    assert rows() == right


def test_what_another_program_counted_without_the_sums_is_summed_up_anew():
    for status in (RequestStatus.ACCEPTED, RequestStatus.APPROVED):
        make_request(status, at=MONDAY)
    counting.count_events()
    right = rows()
    StatusCount.objects.filter(status=RequestStatus.ACCEPTED).delete()
    StatusCount.objects.update(number=5)
    StatusCount.objects.create(
        status=RequestStatus.PRODUCED, came_back_by="", since_date=date(2026, 11, 6), number=1
    )
    assert counting.sum_anew() == 3
    assert counting.sum_anew() == 0
    assert rows() == right


def test_the_book_is_read_in_portions(monkeypatch):
    statuses = (RequestStatus.COLLECTED, RequestStatus.ACCEPTED, RequestStatus.APPROVED)
    first, _, last = (make_request(status, at=MONDAY).pk for status in statuses)
    whole = scan.tallies()
    assert whole[StandingCount].total() == 3
    monkeypatch.setattr(scan, "AT_ONCE", (last - first) // 2)
    assert scan.tallies() == whole


def test_the_rules_say_when_counting_has_stopped():
    make_request(RequestStatus.ACCEPTED, at=MONDAY)
    assert list(integrity._not_counted(timezone.now()))
    counting.count_events()
    assert not list(integrity._not_counted(timezone.now()))


@pytest.fixture
def arranged():
    """A function that declares days of 2026 free. The calendar is put back afterwards."""
    source = working_days._source[0]
    yield lambda *days: working_days.register_source(
        lambda: WorkingCalendar(dict.fromkeys(days, False), frozenset())
    )
    working_days.register_source(source)


def test_working_days_are_counted_anew_when_the_calendar_has_changed(arranged):
    arranged()
    card_request = make_request(RequestStatus.ACCEPTED, at=MONDAY)
    steps.approve(card_request, at=NOW)
    counting.count_events()
    assert StageCount.objects.get().days == 4
    arranged(date(2026, 11, 4))
    counting.count_events()
    assert StageCount.objects.get().days == 3
    (review, *_) = collect_each_way(weeks=1, at=NOW).lengths
    assert review.median_days == 3


def test_a_book_without_events_is_counted_at_once():
    assert counting.count_events() == 0
    assert CountingProgress.objects.get().settled_event_id == 0
    assert differing() == []
