"""After every move of the table the figures agree with the requests, and with each other."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Count

from apps.backoffice.start import charts
from apps.cards.enums import RequestAction, RequestStatus, Stage
from apps.cards.lifecycle import RECALLS, REQUEST
from apps.cards.models import CardRequest
from apps.events.enums import AS_WORKER, Channel, Role
from apps.events.models import Event
from apps.lifecycle import engine
from apps.recall import services as recalling
from apps.reporting.enums import Milestone
from apps.reporting.milestones import IN_HAND, STANDS_AT
from apps.requests import services as requests
from tests.factories import cards as steps
from tests.factories.cards import make_draft, make_request
from tests.factories.people import make_reviewer
from tests.reporting.ways import collect_each_way

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
NOW = MONDAY + timedelta(days=4)
A = RequestAction
STEPS = {
    A.WITHDRAW: steps.withdraw,
    A.PAY: steps.pay,
    A.ACCEPT: steps.accept,
    A.REQUEST_AMENDMENT: steps.ask,
    A.APPROVE: steps.approve,
    A.REJECT: steps.reject,
    A.PRODUCE: steps.produce,
    A.DISPATCH: steps.dispatch,
    A.COLLECT: steps.collect,
    A.LAPSE: steps.lapse,
    A.SUBMIT: steps.submit,
}
# A request that comes back again and again, and ends with a card.
RECALLED = (A.APPROVE, A.RECALL)
AMENDED = (A.REQUEST_AMENDMENT, A.AMEND)
TAKEN_BACK = (A.REQUEST_AMENDMENT, A.RECALL, A.REJECT, A.RECALL)
REJECTED_THEN = (A.REQUEST_AMENDMENT, A.REJECT, A.RECALL_TO_AMENDMENT, A.AMEND)
AMENDING = (*AMENDED, *TAKEN_BACK, *REJECTED_THEN)
LONG_WAY = (*RECALLED, *RECALLED, *AMENDING, *RECALLED, A.APPROVE, A.FAIL)
TO_THE_CARD = (A.APPROVE, A.PRODUCE, A.DISPATCH, A.COLLECT)
# Written out by hand: which requests have a milestone behind them.
NOT_SUBMITTED = {"DRAFT", "DISCARDED"}
NOT_PAID = {"SUBMITTED", "WITHDRAWN", "LAPSED"}
HAS = {
    Milestone.SUBMITTED: set(RequestStatus.values) - NOT_SUBMITTED,
    Milestone.PAID: set(RequestStatus.values) - NOT_SUBMITTED - NOT_PAID,
    Milestone.APPROVED: {"APPROVED", "PRODUCED", "DISPATCHED", "COLLECTED"},
    Milestone.MADE: {"PRODUCED", "DISPATCHED", "COLLECTED"},
    Milestone.SENT: {"DISPATCHED", "COLLECTED"},
    Milestone.RECEIVED: {"COLLECTED"},
}
IN_REVIEW = {"PAID", "ACCEPTED", "NEEDS_AMENDMENT"}


def take(card_request, action, *, at):
    if action == A.AMEND and at < NOW:
        requests.amend(card_request=card_request, values={}, by=card_request.applicant, at=at)
        return
    if action in RECALLS and at < NOW:
        recalling.recall(card_request=card_request, by=make_reviewer(), at=at)
        return
    if action in STEPS:
        STEPS[action](card_request, at=at)
        return
    by = {
        Role.HOLDER: {"by": card_request.applicant, "role": Role.HOLDER, "channel": Channel.WEB},
        Role.REVIEWER: {"by": make_reviewer(), "role": Role.REVIEWER, "channel": Channel.ADMIN},
        Role.STAFF: {"by": make_reviewer(), "role": Role.STAFF, "channel": Channel.ADMIN},
        Role.WORKER: AS_WORKER,
    }
    role = next(role for role in by if role in REQUEST.moves[action].by)
    engine.move(card_request, action, at=at, **by[role])


def check_agreement(at):
    found = collect_each_way(weeks=1, at=at)
    standing = dict(CardRequest.objects.values_list("status").annotate(Count("pk")))

    def number(statuses):
        return sum(count for status, count in standing.items() if status in statuses)

    expected = {milestone: number(statuses) for milestone, statuses in HAS.items()}
    assert {milestone: sum(week) for milestone, week in found.weekly.items()} == expected
    reached = {step.milestone: step.reached for step in found.steps}
    assert reached == {
        milestone: (expected | {Milestone.ACTIVATED: 0})[milestone] for milestone in reached
    }

    rows = charts.funnel(found.steps).rows
    assert rows[1].waiting == number(IN_REVIEW)
    assert rows[2].waiting == number({"APPROVED"})
    assert sum(row.waiting + row.ended for row in rows) + reached[Milestone.ACTIVATED] == number(
        HAS[Milestone.SUBMITTED]
    )
    approvals = Event.objects.of_kind(REQUEST).filter(action=A.APPROVE).count()
    recalled = Event.objects.of_kind(REQUEST).filter(action=A.RECALL, from_status="APPROVED")
    reviews = next(length for length in found.lengths if length.stage == Stage.REVIEW)
    assert reviews.sample == approvals - recalled.count()
    assert sum(place.submitted for place in found.places) == number(HAS[Milestone.SUBMITTED])
    assert sum(place.in_hand for place in found.places) == number(set(IN_HAND))


@pytest.mark.slow
def test_after_every_move_of_the_table():
    for action, move in REQUEST.moves.items():
        for source in sorted(move.sources):
            take(make_request(source, at=MONDAY), action, at=NOW)
            check_agreement(NOW)
    assert set(STANDS_AT) == set(RequestStatus) - NOT_SUBMITTED


def test_after_every_move_of_a_request_that_comes_back():
    card_request, at = make_draft(at=MONDAY), MONDAY
    for action in (A.SUBMIT, A.WAIVE, A.ACCEPT, *LONG_WAY, *RECALLED, *TO_THE_CARD):
        at += timedelta(minutes=1)
        take(card_request, action, at=at)
        check_agreement(at)
