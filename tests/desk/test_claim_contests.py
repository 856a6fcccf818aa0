"""Several reviewers want one case at the same moment: real threads on PostgreSQL."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.desk.claims import services as claims
from apps.desk.claims.live import claim_of
from apps.desk.models import Claim
from apps.replacement.enums import FormalLossStatus
from apps.review import queue, services
from apps.review.losses import services as losses
from tests.book import desk_events
from tests.contests import at_once
from tests.factories.cards import AT, make_request
from tests.factories.formal_losses import make_formal_loss
from tests.factories.people import make_reviewer

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL"),
]

LATER = AT + timedelta(hours=2)


def holder(subject):
    found = claim_of(subject, at=LATER)
    return found and found.by


def approve(subject, by):
    services.approve(card_request=subject, seen_since=subject.status_since, by=by, at=LATER)


contest = pytest.mark.parametrize("turn", range(5))


@contest
def test_of_eight_who_claim_at_once_one_holds_the_case(turn):
    subject = make_request(RequestStatus.ACCEPTED)
    eight = [make_reviewer() for _ in range(8)]
    refusals = at_once(*(partial(claims.claim, subject=subject, by=by, at=LATER) for by in eight))
    assert [refusal.code for refusal in refusals] == ["held_by_other"] * 7
    assert holder(subject) in eight


def test_eight_who_ask_for_the_next_case_at_once_get_eight_different_ones():
    cases = {make_request(RequestStatus.ACCEPTED) for _ in range(8)}
    eight, found = [make_reviewer() for _ in range(8)], []

    def ask(by):
        found.append(claims.claim_first(cases=queue.waiting_for(by), by=by, at=LATER))

    at_once(*(partial(ask, by) for by in eight))
    assert set(found) == cases


@contest
def test_a_decision_and_a_take_over_at_once_do_not_cross(turn):
    subject = make_request(RequestStatus.ACCEPTED)
    first, second = make_reviewer(), make_reviewer()
    claims.claim(subject=subject, by=first, at=LATER)
    [refusal] = at_once(
        partial(approve, CardRequest.objects.get(pk=subject.pk), first),
        partial(claims.take_over, subject=subject, by=second, at=LATER),
    )
    subject.refresh_from_db()
    if refusal.code == "not_open":
        assert subject.status == RequestStatus.APPROVED
        assert not Claim.objects.exists()
        assert not desk_events().exists()
    else:
        assert refusal.code == "held_by_other"
        assert subject.status == RequestStatus.ACCEPTED
        assert holder(subject) == second
    assert subject.events.filter(action="APPROVE").count() <= 1


@contest
def test_of_a_loss_decided_and_taken_over_at_once_one_thing_happens(turn):
    loss = make_formal_loss()
    first, second = make_reviewer(), make_reviewer()
    claims.claim(subject=loss, by=first, at=LATER)
    refusals = at_once(
        partial(
            losses.refuse,
            loss=loss,
            reason="不属实",
            seen_since=loss.card.status_since,
            by=first,
            at=LATER,
        ),
        partial(claims.take_over, subject=loss, by=second, at=LATER),
    )
    assert len(refusals) == 1
    loss.refresh_from_db()
    assert (loss.status != FormalLossStatus.REFUSED) == (holder(loss) == second)
