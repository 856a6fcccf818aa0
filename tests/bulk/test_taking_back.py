"""Stopping a bulk run, and taking it back."""

from datetime import timedelta

import pytest

from apps.bulk import services
from apps.bulk.enums import BulkAction, BulkOutcome, RunAction, RunStatus
from apps.bulk.models import BulkRow
from apps.bureau import production
from apps.cards.enums import RequestStatus
from apps.common.moments import day_of
from apps.common.refusals import Refused
from apps.requests import services as requests
from apps.requests.models import Amendment
from apps.review import services as review
from tests.bulk.steps import SOON, begin, outcomes, show, statuses, work_off
from tests.contests import at_once
from tests.factories.cards import approve, make_calm, make_draft
from tests.factories.people import make_reviewer

pytestmark = pytest.mark.django_db
MOMENT = timedelta(seconds=1)


def test_stopping_leaves_the_rest_alone_and_is_on_record(reviewer):
    requests = [make_calm() for _ in range(3)]
    run = begin(*requests, by=reviewer)
    work_off(limit=1)
    colleague = make_reviewer()
    services.stop(run=run, by=colleague, at=SOON)
    assert work_off() == 0
    run.refresh_from_db()
    assert run.status == RunStatus.STOPPED
    assert [outcome for outcome, _ in outcomes(run)] == ["DONE", "NOT_RUN", "NOT_RUN"]
    assert statuses(*requests) == ["APPROVED", "ACCEPTED", "ACCEPTED"]
    event = run.events.get(action=RunAction.STOP)
    assert (event.by, event.reference, event.facts) == (colleague, run.reference, {"not_run": 2})
    with pytest.raises(Refused):
        services.stop(run=run, by=colleague, at=SOON)


def test_a_whole_run_is_taken_back_and_says_what_could_not_be(reviewer, settings):
    settings.DECISION_UNDO_WINDOW = timedelta(minutes=10)
    ordered, recalled, again = (make_calm() for _ in range(3))
    show(recalled, again, by=reviewer)
    run = begin(ordered, by=reviewer)
    BulkRow.objects.bulk_create(
        BulkRow(run=run, card_request=card_request, seen_since=card_request.status_since)
        for card_request in (recalled, again)
    )
    work_off(at=SOON, limit=1)
    at = SOON + timedelta(minutes=5)
    work_off(at=at)
    production.make_batch(at=SOON + timedelta(minutes=10), limit=10)
    moment = SOON + timedelta(minutes=11)
    review.recall(card_request=again, seen_since=at, by=reviewer, at=moment)
    approve(again, at=moment)
    run.refresh_from_db()
    assert services.recallable_until(run=run) == at + timedelta(minutes=10)

    colleague = make_reviewer()
    services.recall(run=run, by=colleague, at=moment)
    run.refresh_from_db()
    assert run.status == RunStatus.RECALLING
    work_off(at=moment)

    run.refresh_from_db()
    assert run.status == RunStatus.RECALLED
    assert run.events.get(action=RunAction.RECALL).by == colleague
    (one, why_one), two, (three, why_three) = outcomes(run)
    assert (one, why_one) == (BulkOutcome.KEPT, "这件申请已经送往制卡中心，不能再撤回。")
    assert two == (BulkOutcome.RECALLED, "")
    assert three == BulkOutcome.KEPT
    assert "办理了这件申请：「审核通过」" in why_three
    assert statuses(ordered, recalled, again) == ["APPROVED", "ACCEPTED", "APPROVED"]
    assert work_off(at=moment) == 0
    with pytest.raises(Refused):
        services.recall(run=run, by=colleague, at=moment)


AMENDMENT = {
    "action": BulkAction.REQUEST_AMENDMENT,
    "items": [{"field": "phone", "reason": "打不通"}],
    "due_date": day_of(SOON) + timedelta(days=5),
}
REJECTION = {"action": BulkAction.REJECT, "reason": "已经离职"}


@pytest.mark.parametrize("decision", [AMENDMENT, REJECTION], ids=["amendment", "rejection"])
def test_amendments_and_rejections_are_taken_back_as_approvals(reviewer, decision):
    taken, gone = make_calm(), make_calm()
    was = taken.promised_from
    run = begin(taken, gone, by=reviewer, **decision)
    work_off()
    gone.refresh_from_db()
    if gone.status == RequestStatus.REJECTED:
        make_draft(holder=gone.holder, at=SOON)
    else:
        requests.amend(card_request=gone, values={}, by=gone.applicant, at=SOON + MOMENT)
    run.refresh_from_db()
    services.recall(run=run, by=reviewer, at=SOON)
    work_off()
    (one, _), (two, why) = outcomes(run)
    assert (one, two) == (BulkOutcome.RECALLED, BulkOutcome.KEPT)
    assert "重新办理" in why or "重新受理" in why
    taken.refresh_from_db()
    assert (taken.status, taken.promised_from) == (RequestStatus.ACCEPTED, was)
    assert not Amendment.objects.open().exists()


def test_what_waited_for_its_applicant_before_waits_again(reviewer):
    asked, fresh = make_calm(RequestStatus.NEEDS_AMENDMENT), make_calm()
    run = begin(asked, fresh, by=reviewer, **REJECTION)
    work_off()
    run.refresh_from_db()
    services.recall(run=run, by=reviewer, at=SOON)
    work_off()
    assert outcomes(run) == [(BulkOutcome.RECALLED, "")] * 2
    assert statuses(asked, fresh) == [RequestStatus.NEEDS_AMENDMENT, RequestStatus.ACCEPTED]
    assert Amendment.objects.open().get().card_request == asked


def test_after_the_window_and_while_it_runs_nothing_is_taken_back(reviewer, settings):
    card_request = make_calm()
    run = begin(card_request, by=reviewer)
    with pytest.raises(Refused, match="too_late"):
        services.recall(run=run, by=reviewer, at=SOON)
    work_off()
    run.refresh_from_db()
    with pytest.raises(Refused, match="too_late"):
        services.recall(run=run, by=reviewer, at=SOON + settings.DECISION_UNDO_WINDOW)
    assert statuses(card_request) == [RequestStatus.APPROVED]


def test_a_worker_that_is_killed_while_taking_back_goes_on_later(reviewer, monkeypatch):
    requests = [make_calm() for _ in range(2)]
    run = begin(*requests, by=reviewer)
    work_off()
    run.refresh_from_db()
    services.recall(run=run, by=reviewer, at=SOON)
    assert work_off(limit=1) == 1
    run.refresh_from_db()
    assert run.status == RunStatus.RECALLING
    work_off()
    run.refresh_from_db()
    assert run.status == RunStatus.RECALLED
    assert statuses(*requests) == [RequestStatus.ACCEPTED] * 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_stop_in_the_middle_leaves_no_row_between():
    reviewer = make_reviewer()
    requests = [make_calm() for _ in range(20)]
    run = begin(*requests, by=reviewer)
    at_once(work_off, lambda: services.stop(run=run, by=reviewer, at=SOON))
    run.refresh_from_db()
    assert run.status in (RunStatus.STOPPED, RunStatus.DONE)
    found = [outcome for outcome, _ in outcomes(run)]
    assert set(found) <= {BulkOutcome.DONE, BulkOutcome.NOT_RUN}
    decided = [status == RequestStatus.APPROVED for status in statuses(*requests)]
    assert decided == [outcome == BulkOutcome.DONE for outcome in found]
