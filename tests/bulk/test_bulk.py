"""One decision on many requests: the dry run, the run row by row, stopping it, taking it back."""

from datetime import timedelta

import pytest
from django.conf import settings

from apps.bulk import checks, services, working
from apps.bulk.enums import BulkAction, Outcome, RunAction, RunStatus
from apps.bulk.models import BulkRow, BulkRun
from apps.bureau import production
from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.models import CardRequest
from apps.cards.permissions import MayNotReview
from apps.common import leases
from apps.common.moments import day_of
from apps.common.refusals import Refused
from apps.desk.claims import services as assignments
from apps.desk.models import Assignment
from apps.requests.models import Particulars
from apps.review import services as review
from tests.contests import at_once
from tests.factories.cards import AT, approve, ask, make_calm, make_request, reject
from tests.factories.people import make_holder, make_reviewer, make_user, make_ward

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=2)
SOON = LATER + timedelta(minutes=1)


def prepare(*requests, by, action=BulkAction.APPROVE, at=LATER, **what):
    rows = CardRequest.objects.filter(pk__in=[request.pk for request in requests])
    return services.prepare(
        requests=list(rows.select_related(*checks.RELATED).order_by("pk")),
        action=action,
        what=what,
        chosen="环节：待审核",
        by=by,
        at=at,
    )


def begin(*requests, by, **options):
    run = prepare(*requests, by=by, **options)
    services.start(run=run, by=by, at=LATER)
    run.refresh_from_db()
    return run


def work_off(at=SOON, limit=100):
    return working.work_off(at=at, limit=limit)


def outcomes(run):
    return [(row.outcome, row.reason) for row in run.rows.order_by("pk")]


def statuses(*requests):
    return [CardRequest.objects.get(pk=request.pk).status for request in requests]


def test_a_dry_run_changes_nothing_and_remembers_what_it_saw(reviewer):
    request = make_calm()
    run = prepare(request, by=reviewer)
    assert run.status == RunStatus.PREPARED
    assert run.rows.get().seen_since == request.status_since
    assert work_off() == 0
    assert statuses(request) == [RequestStatus.ACCEPTED]
    assert not Assignment.objects.exists()


def obstacles(reviewer):
    """A sentence → a request that has this one thing against a bulk approval by `reviewer`."""
    held, unfilled, own = make_calm(), make_calm(), make_holder(user=reviewer)
    Particulars.objects.filter(request=unfilled).update(occupation="")
    colleague = make_holder(name="王芳", user=make_reviewer()).user
    assignments.claim(case=held, by=colleague, at=LATER)
    guardian = make_holder()
    return {
        "现在是「待修改信息」，不能办理「审核通过」。": make_calm(RequestStatus.NEEDS_AMENDMENT),
        "现在是「制卡中」，不能办理「审核通过」。": make_calm(RequestStatus.APPROVED),
        "这是您本人或您子女的申请，请交给其他审核人。": make_calm(
            holder=make_ward(own), by=reviewer
        ),
        "王芳已领办，正在办理。": held,
        "有风险提示（手机号有变），请单独审核。": make_request(RequestStatus.ACCEPTED),
        "有风险提示（监护人代办），请单独审核。": make_calm(
            holder=make_ward(guardian), by=guardian.user
        ),
        "没有填写：职业。": unfilled,
    }


def test_the_dry_run_names_for_each_row_why_it_would_fail(reviewer):
    expected = obstacles(reviewer)
    fine = make_calm()
    run = prepare(*expected.values(), fine, by=reviewer)
    found = {row.request_id: (row.outcome, row.reason) for row in run.rows.all()}
    assert found.pop(fine.pk) == (Outcome.WAITING, "")
    assert found == {
        request.pk: (Outcome.LEFT_OUT, sentence) for sentence, request in expected.items()
    }


def test_what_comes_up_after_the_dry_run_fails_with_the_same_words_and_stops_nothing(reviewer):
    held, unfilled, risky, fine = (make_calm() for _ in range(4))
    run = begin(held, unfilled, risky, fine, by=reviewer)
    colleague = make_holder(name="王芳", user=make_reviewer()).user
    assignments.claim(case=held, by=colleague, at=LATER)
    Particulars.objects.filter(request=unfilled).update(occupation="")
    Particulars.objects.filter(request=risky).update(phone="13911112222")
    work_off()
    assert outcomes(run) == [
        (Outcome.FAILED, "王芳已领办，正在办理。"),
        (Outcome.FAILED, "没有填写：职业。"),
        (Outcome.FAILED, "有风险提示（手机号有变），请单独审核。"),
        (Outcome.DONE, ""),
    ]


def test_a_case_that_changed_since_the_dry_run_is_not_decided_blindly(reviewer):
    amended, decided = make_calm(), make_calm()
    run = begin(amended, decided, by=reviewer)
    ask(amended, at=LATER)
    at = LATER + timedelta(seconds=10)
    review.requests.amend(request=amended, values={}, by=amended.applicant, at=at)
    reject(decided, at=LATER)
    work_off()
    (first, why_first), (second, why_second) = outcomes(run)
    assert (first, second) == (Outcome.FAILED, Outcome.FAILED)
    assert "有了变化：「重新受理制卡申请」" in why_first
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
    assert not Assignment.objects.exists()


def test_an_amendment_in_bulk_asks_everybody_and_names_whose_form_lacks_the_field(reviewer):
    guardian, request = make_holder(), make_calm()
    child = make_calm(holder=make_ward(guardian), by=guardian.user)
    due = day_of(LATER) + timedelta(days=7)
    items = [{"field": "occupation", "reason": "请按现在的岗位填写"}]
    run = begin(
        request,
        child,
        by=reviewer,
        action=BulkAction.REQUEST_AMENDMENT,
        items=items,
        due_date=due,
    )
    run.refresh_from_db()
    work_off()
    assert outcomes(run) == [
        (Outcome.DONE, ""),
        (Outcome.LEFT_OUT, "这位申请人的表里没有：职业。"),
    ]
    assert (request.amendments.get().items, request.amendments.get().due_date) == (items, due)


def test_a_rejection_in_bulk_takes_those_under_amendment_too(reviewer):
    requests = [make_calm(), make_calm(RequestStatus.NEEDS_AMENDMENT)]
    run = begin(*requests, by=reviewer, action=BulkAction.REJECT, reason="已经离职")
    work_off()
    assert outcomes(run) == [(Outcome.DONE, "")] * 2
    assert statuses(*requests) == [RequestStatus.REJECTED] * 2
    assert {r.events.latest("pk").reason for r in requests} == {"已经离职"}


def test_the_rows_are_worked_off_oldest_run_first_and_limited(reviewer):
    first, second = make_calm(), make_calm()
    one, two = begin(first, by=reviewer), begin(second, by=reviewer)
    assert work_off(limit=1) == 1
    assert (outcomes(one), outcomes(two)) == ([(Outcome.DONE, "")], [(Outcome.WAITING, "")])
    assert work_off() == 1
    assert work_off() == 0


class Killed(BaseException):
    """As when the worker gets SIGKILL: nothing of ours catches it."""


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
    assert outcomes(run) == [(Outcome.DONE, "")] * 3
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
        (Outcome.FAILED, "系统没能办理这一件，请单独打开办理。"),
        (Outcome.DONE, ""),
    ]


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


def test_a_start_is_on_record_and_happens_once(reviewer):
    run = prepare(make_calm(), make_request(RequestStatus.ACCEPTED), by=reviewer)
    services.start(run=run, by=reviewer, at=LATER)
    event = run.events.get(action=RunAction.START)
    assert (event.by, event.reference) == (reviewer, run.reference)
    assert event.facts == {"action": "APPROVE", "rows": 1, "left_out": 1}
    with pytest.raises(Refused):
        services.start(run=run, by=reviewer, at=LATER)
    with pytest.raises(Refused):
        services.discard(run=run, by=reviewer, at=LATER)


def test_only_who_looked_at_the_dry_run_starts_it_and_not_for_long(reviewer):
    run = prepare(make_calm(), by=reviewer)
    with pytest.raises(Refused, match="not_yours"):
        services.start(run=run, by=make_reviewer(), at=LATER)
    with pytest.raises(Refused, match="expired"):
        services.start(run=run, by=reviewer, at=LATER + settings.BULK_PREVIEW_LIFETIME)


def test_a_run_without_a_row_that_could_be_decided_cannot_start(reviewer):
    run = prepare(make_request(RequestStatus.ACCEPTED), by=reviewer)
    with pytest.raises(Refused, match="nothing_to_do"):
        services.start(run=run, by=reviewer, at=LATER)


def test_a_dry_run_can_be_thrown_away_and_old_ones_are(reviewer):
    services.discard(run=prepare(make_calm(), by=reviewer), by=reviewer, at=LATER)
    assert not BulkRow.objects.exists()
    kept, old = begin(make_calm(), by=reviewer), prepare(make_calm(), by=reviewer)
    assert services.forget_dry_runs(at=LATER + settings.BULK_PREVIEW_RETENTION, limit=10) == 0
    assert services.forget_dry_runs(at=SOON + settings.BULK_PREVIEW_RETENTION, limit=10) == 1
    assert not BulkRun.objects.filter(pk=old.pk).exists()
    assert BulkRun.objects.get() == kept


def test_nobody_but_a_reviewer_works_in_bulk(reviewer):
    run = begin(make_calm(), by=reviewer)
    nobody = make_user(is_staff=True)
    with pytest.raises(MayNotReview):
        prepare(make_calm(), by=nobody)
    for verb in (services.start, services.stop, services.discard, services.recall):
        with pytest.raises(MayNotReview):
            verb(run=run, by=nobody, at=LATER)


def test_who_is_no_reviewer_any_more_decides_nothing_more(reviewer):
    request = make_calm()
    run = begin(request, by=reviewer)
    reviewer.groups.clear()
    work_off()
    assert outcomes(run) == [(Outcome.FAILED, "您没有审核申请的权限。")]
    assert statuses(request) == [RequestStatus.ACCEPTED]


def test_no_requests_and_too_many_are_refused(reviewer, monkeypatch):
    with pytest.raises(Refused, match="nothing_chosen"):
        prepare(by=reviewer)
    monkeypatch.setattr(services, "LIMIT", 1)
    with pytest.raises(Refused, match="too_many"):
        prepare(make_calm(), make_calm(), by=reviewer)


def test_a_whole_run_is_taken_back_and_says_what_could_not_be(reviewer, settings):
    settings.APPROVAL_UNDO_WINDOW = timedelta(minutes=10)
    ordered, recalled, again = (make_calm() for _ in range(3))
    run = begin(ordered, by=reviewer)
    BulkRow.objects.bulk_create(
        BulkRow(run=run, request=request, seen_since=request.status_since)
        for request in (recalled, again)
    )
    work_off(at=SOON, limit=1)
    at = SOON + timedelta(minutes=5)
    work_off(at=at)
    production.make_batch(at=SOON + timedelta(minutes=10), limit=10)
    moment = SOON + timedelta(minutes=11)
    review.recall(request=again, seen_since=at, by=reviewer, at=moment)
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
    assert (one, why_one) == (Outcome.KEPT, "这件申请已经送往制卡中心，不能再撤回。")
    assert two == (Outcome.RECALLED, "")
    assert three == Outcome.KEPT
    assert "办理了这件申请：「审核通过」" in why_three
    assert statuses(ordered, recalled, again) == ["APPROVED", "ACCEPTED", "APPROVED"]
    assert work_off(at=moment) == 0
    with pytest.raises(Refused):
        services.recall(run=run, by=colleague, at=moment)


def test_after_the_window_and_while_it_runs_nothing_is_taken_back(reviewer, settings):
    request = make_calm()
    run = begin(request, by=reviewer)
    with pytest.raises(Refused, match="too_late"):
        services.recall(run=run, by=reviewer, at=SOON)
    work_off()
    run.refresh_from_db()
    with pytest.raises(Refused, match="too_late"):
        services.recall(run=run, by=reviewer, at=SOON + settings.APPROVAL_UNDO_WINDOW)
    assert statuses(request) == [RequestStatus.APPROVED]


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


@pytest.mark.parametrize("count", [2, 6])
def test_a_dry_run_costs_the_same_for_2_and_6_requests(reviewer, count, django_assert_num_queries):
    requests = [make_calm() for _ in range(count)]
    rows = CardRequest.objects.filter(pk__in=[request.pk for request in requests])
    rows = list(rows.select_related(*checks.RELATED))
    reviewer.has_perm("warm.up")
    with django_assert_num_queries(12):
        services.prepare(
            requests=rows, action=BulkAction.APPROVE, what={}, chosen="", by=reviewer, at=LATER
        )


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
    assert outcomes(run) == [(Outcome.DONE, "")] * 20
    assert [r.events.filter(action=RequestAction.APPROVE).count() for r in requests] == [1] * 20


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
    assert set(found) <= {Outcome.DONE, Outcome.NOT_RUN}
    decided = [status == RequestStatus.APPROVED for status in statuses(*requests)]
    assert decided == [outcome == Outcome.DONE for outcome in found]


# --- Sets -----------------------------------------------------------------------------------------


QUERIES = {BulkAction.APPROVE: 27, BulkAction.REJECT: 28}


@pytest.mark.parametrize("count", [2, 6])
@pytest.mark.parametrize("action", [BulkAction.APPROVE, BulkAction.REJECT])
def test_a_chunk_costs_the_same_for_2_and_6_requests(
    reviewer, count, action, django_assert_num_queries
):
    what = {"reason": "已经离职"} if action == BulkAction.REJECT else {}
    begin(*(make_calm() for _ in range(count)), by=reviewer, action=action, **what)
    reviewer.has_perm("warm.up")
    with django_assert_num_queries(QUERIES[action]):
        work_off()


def test_a_rejection_in_bulk_ends_claims_and_closes_amendments(reviewer):
    held, asked = make_calm(), make_calm(RequestStatus.NEEDS_AMENDMENT)
    assignments.claim(case=held, by=reviewer, at=LATER)
    begin(held, asked, by=reviewer, action=BulkAction.REJECT, reason="已经离职")
    work_off()
    assert asked.amendments.get().answered_by == reviewer
    assert not Assignment.objects.exists()


def test_a_run_that_a_worker_has_leased_is_left_alone_until_the_lease_ends(reviewer):
    request = make_calm()
    run = begin(request, by=reviewer)
    assert leases.take(run, until=SOON + working.LEASE)
    assert work_off() == 0
    assert work_off(at=SOON + working.LEASE) == 1
    assert statuses(request) == [RequestStatus.APPROVED]


def test_a_request_that_failed_in_one_run_goes_in_the_next(reviewer):
    request = make_calm()
    run = begin(request, by=reviewer)
    colleague = make_reviewer()
    assignments.claim(case=request, by=colleague, at=LATER)
    work_off()
    assert run.rows.get().outcome == Outcome.FAILED
    assignments.release(case=request, by=colleague, at=SOON)
    begin(request, by=reviewer)
    work_off()
    assert statuses(request) == [RequestStatus.APPROVED]
