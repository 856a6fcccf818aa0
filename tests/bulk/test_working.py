"""A bulk run row by row: what is decided, and what a worker that is killed leaves."""

from datetime import timedelta

import pytest
from django.db import connection

from apps.bulk import working
from apps.bulk.enums import BulkAction, BulkOutcome, RunStatus
from apps.bulk.models import BulkRun
from apps.cards.enums import RequestAction, RequestStatus
from apps.common import leases
from apps.common.moments import day_of
from apps.desk.claims import services as claims
from apps.desk.models import Claim
from apps.review import services as review
from tests.bulk.steps import LATER, SOON, begin, outcomes, statuses, work_off
from tests.contests import at_once
from tests.database import PLANNED
from tests.factories.cards import ask, make_calm, reject
from tests.factories.people import make_holder, make_reviewer, make_ward

pytestmark = pytest.mark.django_db


def test_a_case_that_changed_since_the_dry_run_is_not_decided_blindly(reviewer):
    amended, decided = make_calm(), make_calm()
    run = begin(amended, decided, by=reviewer)
    ask(amended, at=LATER)
    at = LATER + timedelta(seconds=10)
    review.requests.amend(card_request=amended, values={}, by=amended.applicant, at=at)
    reject(decided, at=LATER)
    work_off()
    (first, why_first), (second, why_second) = outcomes(run)
    assert (first, second) == (BulkOutcome.FAILED, BulkOutcome.FAILED)
    assert "列出来以后，这件申请在" in why_first
    assert "有了变化：「重新受理制卡申请」。这次没有办，请单独打开看。" in why_first
    assert "「审核不通过」" in why_second
    assert statuses(amended, decided) == [RequestStatus.ACCEPTED, RequestStatus.REJECTED]


def test_approved_in_bulk_is_approved_by_the_one_who_started_it(reviewer):
    requests = [make_calm(), make_calm()]
    run = begin(*requests, by=reviewer)
    assert run.status == RunStatus.RUNNING
    work_off()
    run.refresh_from_db()
    assert run.status == RunStatus.DONE
    assert statuses(*requests) == [RequestStatus.APPROVED] * 2
    assert {r.events.get(action=RequestAction.APPROVE).by for r in requests} == {reviewer}
    assert not Claim.objects.exists()


def test_an_amendment_in_bulk_asks_everybody_and_names_whose_form_lacks_the_field(reviewer):
    guardian, card_request = make_holder(), make_calm()
    child = make_calm(holder=make_ward(guardian), by=guardian.user)
    due = day_of(LATER) + timedelta(days=7)
    items = [{"field": "occupation", "reason": "请按现在的岗位填写"}]
    run = begin(
        card_request,
        child,
        by=reviewer,
        action=BulkAction.REQUEST_AMENDMENT,
        items=items,
        due_date=due,
    )
    run.refresh_from_db()
    work_off()
    assert outcomes(run) == [
        (BulkOutcome.DONE, ""),
        (BulkOutcome.LEFT_OUT, "这位申请人的表里没有：职业。"),
    ]
    assert (card_request.amendments.get().items, card_request.amendments.get().due_date) == (
        items,
        due,
    )


def test_a_rejection_in_bulk_takes_those_under_amendment_too(reviewer):
    requests = [make_calm(), make_calm(RequestStatus.NEEDS_AMENDMENT)]
    run = begin(*requests, by=reviewer, action=BulkAction.REJECT, reason="已经离职")
    work_off()
    assert outcomes(run) == [(BulkOutcome.DONE, "")] * 2
    assert statuses(*requests) == [RequestStatus.REJECTED] * 2
    assert {r.events.latest("pk").reason for r in requests} == {"已经离职"}


def test_the_rows_are_worked_off_oldest_run_first_and_limited(reviewer):
    first, second = make_calm(), make_calm()
    one, two = begin(first, by=reviewer), begin(second, by=reviewer)
    assert work_off(limit=1) == 1
    assert (outcomes(one), outcomes(two)) == ([(BulkOutcome.DONE, "")], [(BulkOutcome.WAITING, "")])
    assert work_off() == 1
    assert work_off() == 0


class Killed(BaseException):
    """Stands for SIGKILL: no code catches it."""


@pytest.mark.parametrize("moment", ["before the decision", "after it, before it is written down"])
def test_a_worker_that_is_killed_in_a_row_loses_nothing_and_does_nothing_twice(
    reviewer, monkeypatch, moment
):
    requests = [make_calm() for _ in range(3)]
    run = begin(*requests, by=reviewer)
    then, calls = working._Job.then, []

    def killed_in_the_second(job, pks):
        calls.append(pks)
        if len(calls) == 2:
            if moment != "before the decision":
                then(job, pks)
            raise Killed
        then(job, pks)

    monkeypatch.setattr(working._Job, "then", killed_in_the_second)
    work_off(limit=1)
    with pytest.raises(Killed):
        work_off(limit=1)
    assert statuses(*requests) == ["APPROVED", "ACCEPTED", "ACCEPTED"]

    work_off()
    run.refresh_from_db()
    assert run.status == RunStatus.DONE
    assert outcomes(run) == [(BulkOutcome.DONE, "")] * 3
    assert [r.events.filter(action=RequestAction.APPROVE).count() for r in requests] == [1] * 3


def test_a_worker_that_is_killed_after_the_last_row_leaves_a_run_that_ends(reviewer):
    run = begin(make_calm(), by=reviewer)
    work_off()
    BulkRun.objects.update(status=RunStatus.RUNNING)
    assert work_off() == 0
    run.refresh_from_db()
    assert run.status == RunStatus.DONE


def test_a_row_that_breaks_stops_no_other(reviewer, monkeypatch):
    broken, fine = make_calm(), make_calm()
    run = begin(broken, fine, by=reviewer)
    settle = working._Decision.settle

    def break_one(job, pks):
        if broken.pk in pks:
            raise LookupError
        settle(job, pks)

    monkeypatch.setattr(working._Decision, "settle", break_one)
    work_off()
    assert outcomes(run) == [
        (BulkOutcome.FAILED, "系统没能办理这一件，请单独打开办理。"),
        (BulkOutcome.DONE, ""),
    ]


def test_who_is_no_reviewer_any_more_decides_nothing_more(reviewer):
    card_request = make_calm()
    run = begin(card_request, by=reviewer)
    reviewer.groups.clear()
    work_off()
    assert outcomes(run) == [(BulkOutcome.FAILED, "您没有审核申请的权限。")]
    assert statuses(card_request) == [RequestStatus.ACCEPTED]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_decide_every_row_once():
    reviewer = make_reviewer()
    requests = [make_calm() for _ in range(20)]
    run = begin(*requests, by=reviewer)

    def work():
        while work_off(limit=5):
            pass

    assert at_once(work, work) == []
    run.refresh_from_db()
    assert run.status == RunStatus.DONE
    assert outcomes(run) == [(BulkOutcome.DONE, "")] * 20
    assert [r.events.filter(action=RequestAction.APPROVE).count() for r in requests] == [1] * 20


# A move and its event are one statement on PostgreSQL; on SQLite two of them, in a savepoint.
QUERIES = 22 if connection.vendor == "postgresql" else 25


@pytest.mark.parametrize("count", [2, 6])
@pytest.mark.parametrize("action", [BulkAction.APPROVE, BulkAction.REJECT])
def test_a_chunk_costs_the_same_for_2_and_6_requests(
    reviewer, count, action, django_assert_num_queries
):
    what = {"reason": "已经离职"} if action == BulkAction.REJECT else {}
    begin(*(make_calm() for _ in range(count)), by=reviewer, action=action, **what)
    reviewer.has_perm("warm.up")
    with django_assert_num_queries(QUERIES + PLANNED):
        work_off()


def test_a_rejection_in_bulk_ends_claims_and_closes_amendments(reviewer):
    held, asked = make_calm(), make_calm(RequestStatus.NEEDS_AMENDMENT)
    claims.claim(subject=held, by=reviewer, at=LATER)
    begin(held, asked, by=reviewer, action=BulkAction.REJECT, reason="已经离职")
    work_off()
    assert asked.amendments.get().answered_by == reviewer
    assert not Claim.objects.exists()


def test_a_run_that_a_worker_has_leased_is_left_alone_until_the_lease_ends(reviewer):
    card_request = make_calm()
    run = begin(card_request, by=reviewer)
    assert leases.take(run, until=SOON + working.LEASE)
    assert work_off() == 0
    assert work_off(at=SOON + working.LEASE) == 1
    assert statuses(card_request) == [RequestStatus.APPROVED]


def test_a_request_that_failed_in_one_run_goes_in_the_next(reviewer):
    card_request = make_calm()
    run = begin(card_request, by=reviewer)
    colleague = make_reviewer()
    claims.claim(subject=card_request, by=colleague, at=LATER)
    work_off()
    assert run.rows.get().outcome == BulkOutcome.FAILED
    claims.release(subject=card_request, by=colleague, at=SOON)
    begin(card_request, by=reviewer)
    work_off()
    assert statuses(card_request) == [RequestStatus.APPROVED]
