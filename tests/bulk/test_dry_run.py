"""A dry run: what it says of each request, and who may start or drop it."""

from datetime import timedelta

import pytest
from django.conf import settings

from apps.bulk import checks, services
from apps.bulk.enums import BulkAction, BulkOutcome, RunAction, RunStatus
from apps.bulk.models import BulkRow, BulkRun
from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.cards.permissions import MayNotReview
from apps.common.moments import day_of
from apps.common.refusals import Refused
from apps.desk.claims import services as claims
from apps.desk.models import Claim
from apps.people.models import Holder
from apps.requests import services as requests
from apps.requests.models import Particulars
from apps.verification.enums import CheckMethod
from apps.verification.models import Check
from tests.bulk.steps import LATER, SOON, begin, outcomes, prepare, statuses, work_off
from tests.factories.cards import AT, ask, make_calm, make_request
from tests.factories.people import make_holder, make_reviewer, make_user, make_ward

pytestmark = pytest.mark.django_db


def test_a_dry_run_changes_nothing_and_remembers_what_it_saw(reviewer):
    card_request = make_calm()
    run = prepare(card_request, by=reviewer)
    assert run.status == RunStatus.PREPARED
    assert run.rows.get().seen_since == card_request.status_since
    assert work_off() == 0
    assert statuses(card_request) == [RequestStatus.ACCEPTED]
    assert not Claim.objects.exists()


def turned(model, **values):
    """An ordinary request of which something in a row of `model` was changed."""
    card_request = make_calm()
    of = {"pk": card_request.holder_id} if model is Holder else {"card_request": card_request}
    model.objects.filter(**of).update(**values)
    return card_request


def obstacles(reviewer):
    """A sentence → a request that has this one thing against a bulk approval by `reviewer`."""
    held, unfilled, own = make_calm(), make_calm(), make_holder(user=reviewer)
    Particulars.objects.filter(card_request=unfilled).update(occupation="")
    colleague = make_holder(name="王芳", user=make_reviewer()).user
    claims.claim(subject=held, by=colleague, at=LATER)
    guardian, answered = make_holder(), make_calm()
    ask(answered, at=AT + timedelta(minutes=10))
    values = {"phone": answered.holder.phone}
    requests.amend(card_request=answered, values=values, by=answered.applicant, at=LATER)
    return {
        "现在是「待修改信息」，不能办理「审核通过」。": make_calm(RequestStatus.NEEDS_AMENDMENT),
        "现在是「制卡中」，不能办理「审核通过」。": make_calm(RequestStatus.APPROVED),
        "这是您本人或您家人的申请，不能由您审核，请交给其他审核人。": make_calm(
            holder=make_ward(own), by=reviewer
        ),
        "王芳已领办，正在办理。": held,
        "有风险提示（手机号有变），请单独审核。": turned(Particulars, phone="13900000001"),
        "有风险提示（与名册不一致），请单独审核。": turned(Particulars, name="张越"),
        "有风险提示（已离职），请单独审核。": turned(Holder, left_date=day_of(LATER)),
        "有风险提示（没有比对人脸），请单独审核。": turned(Check, method=CheckMethod.CODE),
        "有风险提示（修改后重新提交），请单独审核。": answered,
        "有风险提示（监护人代办），请单独审核。": make_calm(
            holder=make_ward(guardian), by=guardian.user
        ),
        "没有填写：职业。": unfilled,
    }


def test_the_dry_run_names_for_each_row_why_it_would_fail(reviewer):
    expected = obstacles(reviewer)
    fine = make_calm()
    run = prepare(*expected.values(), fine, by=reviewer)
    found = {row.card_request_id: (row.outcome, row.reason) for row in run.rows.all()}
    assert found.pop(fine.pk) == (BulkOutcome.WAITING, "")
    assert found == {
        card_request.pk: (BulkOutcome.LEFT_OUT, sentence)
        for sentence, card_request in expected.items()
    }


def test_what_comes_up_after_the_dry_run_fails_with_the_same_words_and_stops_nothing(reviewer):
    held, unfilled, risky, fine = (make_calm() for _ in range(4))
    run = begin(held, unfilled, risky, fine, by=reviewer)
    colleague = make_holder(name="王芳", user=make_reviewer()).user
    claims.claim(subject=held, by=colleague, at=LATER)
    Particulars.objects.filter(card_request=unfilled).update(occupation="")
    Particulars.objects.filter(card_request=risky).update(phone="13911112222")
    work_off()
    assert outcomes(run) == [
        (BulkOutcome.FAILED, "王芳已领办，正在办理。"),
        (BulkOutcome.FAILED, "没有填写：职业。"),
        (BulkOutcome.FAILED, "有风险提示（手机号有变），请单独审核。"),
        (BulkOutcome.DONE, ""),
    ]


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


def test_no_requests_and_too_many_are_refused(reviewer, monkeypatch):
    with pytest.raises(Refused, match="nothing_chosen"):
        prepare(by=reviewer)
    monkeypatch.setattr(services, "LIMIT", 1)
    with pytest.raises(Refused, match="too_many"):
        prepare(make_calm(), make_calm(), by=reviewer)


@pytest.mark.parametrize("count", [2, 6])
def test_a_dry_run_costs_the_same_for_2_and_6_requests(reviewer, count, django_assert_num_queries):
    requests = [make_calm() for _ in range(count)]
    rows = CardRequest.objects.filter(pk__in=[card_request.pk for card_request in requests])
    rows = list(rows.select_related(*checks.RELATED))
    reviewer.has_perm("warm.up")
    with django_assert_num_queries(11):
        services.prepare(
            requests=rows, action=BulkAction.APPROVE, what={}, chosen="", by=reviewer, at=LATER
        )
