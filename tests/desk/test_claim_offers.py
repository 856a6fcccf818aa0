"""What a page offers about who holds a case, and what it never offers."""

from datetime import timedelta

import pytest
from django.conf import settings

from apps.cards.enums import RequestStatus
from apps.desk import roles
from apps.desk.claims import services as claims
from apps.desk.claims.offers import ClaimAction, hold_of, holds_of
from apps.desk.claims.policies import DECISIONS, open_decisions
from apps.lifecycle.followers import model_of
from tests.factories.cards import AT, make_request
from tests.factories.people import make_colleague, make_holder, make_reviewer

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=2)
VERBS = {
    ClaimAction.CLAIM: claims.claim,
    ClaimAction.RELEASE: claims.release,
    ClaimAction.TAKE_OVER: claims.take_over,
}


@pytest.mark.parametrize("status", RequestStatus)
def test_a_request_may_be_claimed_exactly_while_something_is_left_to_decide(reviewer, status):
    card_request = make_request(status)
    hold = hold_of(card_request, by=reviewer, at=LATER)
    assert hold.offer.is_open == bool(open_decisions(card_request, at=LATER))
    assert hold.offer.is_open == (status in (RequestStatus.ACCEPTED, RequestStatus.NEEDS_AMENDMENT))


@pytest.mark.parametrize("holder", ["nobody", "me", "a colleague", "nobody any more"])
def test_what_is_offered_can_be_done(reviewer, holder):
    card_request = make_request(RequestStatus.ACCEPTED)
    at = LATER
    if holder == "me":
        claims.claim(subject=card_request, by=reviewer, at=LATER)
    elif holder != "nobody":
        claims.claim(subject=card_request, by=make_reviewer(), at=LATER)
    if holder == "nobody any more":
        at += settings.REVIEW_CLAIM_LIFETIME
    offer = hold_of(card_request, by=reviewer, at=at).offer
    wanted = {"me": ClaimAction.RELEASE, "a colleague": ClaimAction.TAKE_OVER}
    assert offer.action == wanted.get(holder, ClaimAction.CLAIM)
    VERBS[offer.action](subject=card_request, by=reviewer, at=at)
    assert hold_of(card_request, by=reviewer, at=at).is_mine == (holder != "me")


def test_a_party_and_an_auditor_are_told_why_not(reviewer):
    own = make_request(RequestStatus.ACCEPTED, holder=make_holder(user=reviewer))
    hold = hold_of(own, by=reviewer, at=LATER)
    assert (hold.is_party, hold.offer.is_open, hold.barred.code) == (True, False, "party")
    assert "不能由您审核" in hold.offer.why_not
    auditor = hold_of(own, by=make_colleague(roles.AUDITOR), at=LATER)
    assert (auditor.is_party, auditor.barred.code) == (False, "no_permission")


def test_the_holds_of_6_cases_cost_as_many_queries_as_of_2(reviewer, django_assert_num_queries):
    cases = [make_request(RequestStatus.ACCEPTED) for _ in range(6)]
    make_holder(user=reviewer)
    # Reads the permissions and the person of the account, once a request.
    holds_of(cases[:1], away="", by=reviewer, at=LATER)
    with django_assert_num_queries(2):
        holds_of(cases[:2], away="", by=reviewer, at=LATER)
    with django_assert_num_queries(2):
        holds_of(cases, away="", by=reviewer, at=LATER)


def test_every_decision_is_a_move_of_its_case():
    for model, actions in DECISIONS.items():
        assert model_of(model.lifecycle.name) is model
        assert set(actions) <= set(model.lifecycle.actions)
