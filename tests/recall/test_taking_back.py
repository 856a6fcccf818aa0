"""A decision that is taken back has never been: amendment and rejection, as approval."""

from datetime import timedelta

import pytest

from apps.cards.lifecycle import RECALLABLE, RECALLS, REQUEST
from apps.cards.permissions import MayNotReview
from apps.common.refusals import Refused
from apps.desk.claims.offers import hold_of
from apps.events.enums import Role
from apps.inquiries.enums import InquiryStatus
from apps.inquiries.models import Inquiry
from apps.lateness import promises as lateness
from apps.notices import services as notices
from apps.notices.models import Notice
from apps.payments import sweeps
from apps.payments.models import Payment
from apps.recall.policies import TooLateToRecall, decisions_of
from apps.replacement import services as replacement
from apps.requests import reopening
from apps.requests.models import Amendment, Particulars
from apps.requests.policies import settled_after
from apps.review import offers, queue
from apps.review import services as review
from apps.team import figures
from apps.waiting import timeline
from tests.factories import cards as steps
from tests.factories.cards import AT, make_draft, make_request
from tests.factories.formal_losses import make_replacement_draft
from tests.factories.inquiries import make_inquiry
from tests.factories.people import make_holder, make_reviewer
from tests.recall.steps import MINUTE, MOMENT, A, S, answer, paid, recall, stored, type_phone
from tests.soundness import assert_sound


def facts(card_request):
    """What must be as if the decision had never been."""
    row = stored(card_request)
    open_ones = Amendment.objects.open().filter(card_request=row)
    return {
        "status": row.status,
        "promised_from": row.promised_from if row.status == S.ACCEPTED else None,
        "waits_since": row.waits_since if row.status == S.ACCEPTED else None,
        "promise": queue.promise_of(row),
        "amendments": list(open_ones.values_list("pk", "due_date", "items")),
        "typed": Particulars.objects.get(card_request=row).typed,
        "inquiries": list(Inquiry.objects.filter(card_request=row).values_list("pk", "status")),
        "payments": list(Payment.objects.filter(card_request=row).values_list("pk", "status")),
    }


DECIDE = {A.APPROVE: steps.approve, A.REQUEST_AMENDMENT: steps.ask, A.REJECT: steps.reject}
CASES = [
    (before, action) for action in DECIDE for before in S if before in REQUEST.moves[action].sources
]


@pytest.mark.django_db
@pytest.mark.parametrize(("before", "action"), CASES, ids=lambda one: str(one))
def test_what_is_recalled_is_as_if_it_had_never_been(before, action):
    card_request = paid(before)
    was = facts(card_request)
    for _ in range(2):
        DECIDE[action](card_request, at=stored(card_request).status_since + MINUTE)
        card_request = stored(card_request)
        assert card_request.status != before
        card_request = recall(card_request, at=card_request.status_since + MINUTE)
        assert facts(card_request) == was
    later = card_request.status_since + settled_after() + MINUTE
    assert sweeps.begin_refunds(at=later) == 0
    told = {notice.event.action for notice in everything_told(later)}
    assert action not in told
    assert_sound()


def everything_told(at):
    notices.collect(at=at, limit=1000)
    notices.send_due(at=at, limit=1000)
    return Notice.objects.exclude(sent_at=None).select_related("event")


@pytest.mark.sampled
@pytest.mark.django_db
@pytest.mark.parametrize("status", S)
def test_the_table_and_the_button_agree_in_every_status(status):
    reviewer, card_request = make_reviewer(), make_request(status)
    at = card_request.status_since + MINUTE
    offer = offers.recall(card_request, hold_of(card_request, by=reviewer, at=at), at=at)
    assert (offer is not None) == (status in RECALLABLE)
    if offer is None:
        with pytest.raises(Refused):
            recall(card_request, at=at)
        return
    assert offer.is_open
    assert offer.words.startswith("撤回")
    assert recall(card_request, at=at, by=reviewer).status == S.ACCEPTED


@pytest.mark.django_db
@pytest.mark.parametrize("status", RECALLABLE)
def test_the_window_ends_to_the_moment(status, settings):
    card_request = make_request(status)
    end = card_request.status_since + settings.DECISION_UNDO_WINDOW
    with pytest.raises(TooLateToRecall, match="too_late"):
        recall(card_request, at=end)
    assert recall(card_request, at=end - MOMENT).status == S.ACCEPTED


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "words"),
    [
        (S.APPROVED, "撤回审核通过"),
        (S.NEEDS_AMENDMENT, "撤回退回修改"),
        (S.REJECTED, "撤回审核不通过"),
    ],
)
def test_the_applicant_s_timeline_says_which_decision(status, words):
    card_request = make_request(status)
    at = card_request.status_since + MOMENT
    recall(card_request, at=at)
    nodes = timeline.nodes(card_request, card_request.events.order_by("pk"), at=at)
    assert [node.label for node in nodes if node.at][-1] == f"{words}，重新审核"


@pytest.mark.django_db
@pytest.mark.parametrize("status", [S.NEEDS_AMENDMENT, S.REJECTED])
def test_a_party_recalls_nothing(status):
    own = make_holder(user=make_reviewer())
    card_request = make_request(status, holder=own)
    with pytest.raises(MayNotReview):
        recall(card_request, by=own.user)


def test_only_reviewers_take_decisions_back():
    assert all(REQUEST.moves[action].by == {Role.REVIEWER} for action in RECALLS)


# --- The applicant has acted ----------------------------------------------------------------------


@pytest.mark.django_db
def test_what_the_applicant_has_begun_to_change_is_not_recalled():
    card_request = make_request(S.NEEDS_AMENDMENT)
    since = card_request.status_since
    type_phone(card_request, "138", at=since + MINUTE)
    with pytest.raises(TooLateToRecall, match="answering") as refusal:
        recall(card_request, at=since + 2 * MINUTE)
    assert "已经开始修改" in refusal.value.message
    assert stored(card_request).status == S.NEEDS_AMENDMENT


@pytest.mark.django_db
def test_what_the_applicant_has_handed_in_is_told_as_a_change():
    card_request = make_request(S.NEEDS_AMENDMENT)
    seen = card_request.status_since
    answer(card_request, at=seen + MINUTE)
    with pytest.raises(review.Changed):
        review.recall(
            card_request=stored(card_request), seen_since=seen, by=make_reviewer(), at=seen + MINUTE
        )


@pytest.mark.django_db
def test_what_the_applicant_took_back_is_not_the_desk_s_to_recall():
    card_request = make_request(S.ACCEPTED)
    at = card_request.status_since + MINUTE
    reopening.reopen(card_request=card_request, fields=["phone"], by=card_request.applicant, at=at)
    assert decisions_of([card_request]) == {}
    with pytest.raises(TooLateToRecall, match="no_decision"):
        recall(card_request, at=at + MINUTE)


@pytest.mark.django_db
def test_whoever_has_begun_another_request_is_not_given_the_rejected_one_back():
    card_request = make_request(S.REJECTED)
    since = card_request.status_since
    make_draft(holder=card_request.holder, at=since + MINUTE)
    with pytest.raises(TooLateToRecall, match="begun_anew"):
        recall(card_request, at=since + 2 * MINUTE)


def rejected_replacement():
    draft = make_replacement_draft()
    for step in (steps.submit, steps.pay, steps.accept, steps.reject):
        step(draft, at=draft.status_since + MINUTE)
    return stored(draft)


@pytest.mark.django_db
def test_a_replacement_comes_back_only_while_the_old_card_is_lost():
    assert recall(rejected_replacement()).status == S.ACCEPTED
    card_request = rejected_replacement()
    at = card_request.status_since
    loss = card_request.old_card.formal_losses.get()
    replacement.withdraw(loss=loss, reason="卡找到了", by=make_reviewer(), at=at + MINUTE)
    with pytest.raises(TooLateToRecall, match="old_card_in_use"):
        recall(card_request, at=at + 2 * MINUTE)


@pytest.mark.django_db
def test_a_refund_that_began_stays(settings):
    card_request = paid(S.REJECTED)
    # A worker whose clock is ahead.
    assert sweeps.begin_refunds(at=card_request.status_since + settled_after()) == 1
    with pytest.raises(TooLateToRecall, match="refunded"):
        recall(card_request)


# --- What comes back with it ----------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("decide", [steps.ask, steps.reject])
def test_a_question_that_the_decision_settled_waits_again(decide):
    card_request = make_request(S.APPROVED)
    inquiry = make_inquiry(card_request, at=card_request.status_since + MINUTE)
    recall(card_request, at=card_request.status_since + 2 * MINUTE)
    card_request = stored(card_request)
    decide(card_request, at=card_request.status_since + MINUTE)
    inquiry.refresh_from_db()
    assert inquiry.status == InquiryStatus.SETTLED
    recall(card_request)
    inquiry.refresh_from_db()
    assert inquiry.status == InquiryStatus.OPEN


@pytest.mark.django_db
def test_the_figures_of_the_team_count_neither():
    reviewer, at = make_reviewer(), AT + timedelta(days=1)
    for decide in (steps.ask, steps.reject):
        card_request = make_request(S.ACCEPTED)
        decide(card_request, at=at)
        event = card_request.events.last()
        recall(card_request, at=at + MINUTE)
        found = figures.workloads(weeks=1, at=at + timedelta(days=1))
        (week,) = [work.weeks[0] for work in found if work.user == event.by]
        assert (week.decided, week.recalled) == (0, 1)
    assert all(work.user != reviewer for work in found)


@pytest.mark.django_db
def test_a_late_review_is_told_once_although_it_was_recalled():
    card_request = make_request(S.ACCEPTED)
    steps.ask(card_request, at=AT + timedelta(days=20))
    row = recall(card_request)
    promise = next(
        promise
        for promise in iter(lateness.promises())
        if promise.kind.name == "request_late" and promise.action == "REVIEW"
    )
    days = lateness.promised_days(promise, [row], at=AT + timedelta(days=20))
    assert days[row.pk].is_over
