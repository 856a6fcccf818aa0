"""What the decision pages offer: what the tables and policies allow, and nothing else."""

from datetime import timedelta

import pytest

from apps.cards.enums import CardAction, RequestAction, RequestStatus
from apps.cards.lifecycle import REQUEST
from apps.common.moments import day_of
from apps.desk.claims import services as claims
from apps.desk.claims.offers import hold_of
from apps.desk.claims.policies import DECISIONS
from apps.events.enums import Channel, Role
from apps.lifecycle import engine
from apps.lifecycle.refusals import NotAllowed
from apps.replacement import services as replacement
from apps.replacement.enums import FormalLossAction
from apps.review import offers, queue
from apps.review import services as review
from apps.review.children import offers as children
from apps.review.losses import offers as losses
from tests.factories.cards import AT, make_request, submit
from tests.factories.formal_losses import make_formal_loss, make_replacement_draft
from tests.factories.people import make_holder, make_registration, make_reviewer

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=2)


def claimed(subject, by, *, at=LATER):
    claims.claim(subject=subject, by=by, at=at)
    return hold_of(subject, by=by, at=at)


@pytest.mark.parametrize("status", RequestStatus)
def test_a_request_has_the_decisions_of_the_table(reviewer, status):
    card_request = make_request(status)
    hold = hold_of(card_request, by=reviewer, at=LATER)
    found = offers.decisions(card_request, hold, by=reviewer, at=LATER)
    by_table = [a for a in RequestAction if status in REQUEST.moves[a].sources]
    assert {offer.action for offer in found} == set(DECISIONS[type(card_request)]) & set(by_table)
    assert not found.open, "nobody has claimed it"
    assert (offers.recall(card_request, hold, at=LATER) is None) == (
        RequestAction.RECALL not in by_table
    )


@pytest.mark.parametrize("status", RequestStatus)
def test_a_request_waits_while_its_approval_is_offered(reviewer, status):
    card_request = make_request(status)
    waits = type(card_request).objects.filter(queue.WAITING, pk=card_request.pk).exists()
    assert queue.is_waiting(card_request) == waits
    assert (queue.promise_of(card_request) is not None) == waits


def test_whoever_holds_a_request_may_decide_it_and_a_colleague_is_told_why_not(reviewer):
    card_request = make_request(RequestStatus.ACCEPTED)
    hold = claimed(card_request, reviewer)
    found = offers.decisions(card_request, hold, by=reviewer, at=LATER)
    assert len(found.open) == 3
    assert found.main.action == RequestAction.APPROVE
    other = make_reviewer()
    found = offers.decisions(
        card_request, hold_of(card_request, by=other, at=LATER), by=other, at=LATER
    )
    assert {offer.refusal.code for offer in found} == {"held_by_other"}


def test_what_was_typed_may_be_sent_again_by_whoever_lost_the_claim(reviewer):
    card_request = make_request(RequestStatus.ACCEPTED)
    hold = hold_of(card_request, by=reviewer, at=LATER)
    assert offers.decisions(card_request, hold, by=reviewer, at=LATER, is_typed=True).open


def test_no_decision_of_one_s_own_case_is_open(reviewer):
    holder = make_holder(user=reviewer)
    card_request = make_request(RequestStatus.ACCEPTED, holder=holder)
    claim = make_registration(holder)
    for subject, module in ((card_request, offers), (claim, children)):
        hold = hold_of(subject, by=reviewer, at=LATER)
        found = module.decisions(subject, hold, by=reviewer, at=LATER, is_typed=True)
        assert {offer.refusal.code for offer in found} == {"party"}


def test_the_loss_of_a_card_that_is_gone_is_refused_but_not_confirmed(reviewer):
    loss = make_formal_loss()
    engine.move(
        loss.card,
        CardAction.RETIRE,
        by=make_reviewer(),
        role=Role.REVIEWER,
        at=LATER,
        channel=Channel.ADMIN,
        reason="重复",
    )
    found = losses.decisions(loss, claimed(loss, reviewer), by=reviewer, at=LATER)
    assert [offer.action for offer in found.open] == [FormalLossAction.REFUSE]
    assert "现在是「注销」" in found.of(FormalLossAction.CONFIRM).why_not


def test_a_loss_with_a_replacement_under_way_stays(reviewer):
    replacement_request = make_replacement_draft()
    submit(replacement_request, at=LATER)
    loss = replacement_request.old_card.formal_losses.get()
    hold = claimed(loss, reviewer)
    [withdraw] = losses.decisions(loss, hold, by=reviewer, at=LATER, is_typed=True)
    assert withdraw.refusal.code == "replacement_requested"


def test_a_declaration_is_decided_once(reviewer):
    loss = make_formal_loss()
    replacement.confirm(loss=loss, by=reviewer, at=LATER)
    hold = hold_of(loss, by=reviewer, at=LATER)
    assert [o.action for o in losses.decisions(loss, hold, by=reviewer, at=LATER)] == [
        FormalLossAction.WITHDRAW
    ]


REQUEST_VERBS = {
    RequestAction.APPROVE: lambda **case: review.approve(**case),
    RequestAction.REJECT: lambda **case: review.reject(reason="不属实", **case),
    RequestAction.REQUEST_AMENDMENT: lambda **case: review.request_amendment(
        items=[{"field": "phone", "reason": "打不通"}],
        due_date=day_of(LATER) + timedelta(days=3),
        **case,
    ),
}


@pytest.mark.parametrize("action", REQUEST_VERBS)
@pytest.mark.parametrize("status", [RequestStatus.ACCEPTED, RequestStatus.NEEDS_AMENDMENT])
def test_an_open_decision_can_be_taken_and_a_closed_one_cannot(reviewer, status, action):
    request = make_request(status)
    hold = claimed(request, reviewer)
    offer = offers.decisions(request, hold, by=reviewer, at=LATER).of(action)
    case = {
        "card_request": request,
        "seen_since": request.status_since,
        "by": reviewer,
        "at": LATER,
    }
    if offer is None:
        with pytest.raises(NotAllowed):
            REQUEST_VERBS[action](**case)
    else:
        assert offer.is_open
        REQUEST_VERBS[action](**case)
        request.refresh_from_db()
        assert request.status == REQUEST.moves[action].target


def test_an_approval_is_taken_back_while_that_is_offered(reviewer, settings):
    request = make_request(RequestStatus.APPROVED)
    hold = hold_of(request, by=reviewer, at=request.status_since)
    late = request.status_since + settings.DECISION_UNDO_WINDOW
    case = {"card_request": request, "seen_since": request.status_since, "by": reviewer}
    closed = offers.recall(request, hold, at=late)
    with pytest.raises(type(closed.refusal)) as refusal:
        review.recall(**case, at=late)
    assert refusal.value.message == closed.why_not
    soon = late - timedelta(seconds=1)
    assert offers.recall(request, hold, at=soon).is_open
    review.recall(**case, at=soon)
