"""An applicant takes a request back while a reviewer claims or approves it: PostgreSQL threads."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.desk.claims import services as claims
from apps.desk.claims.live import claim_of
from apps.inquiries import services as inquiries
from apps.inquiries.models import Inquiry
from apps.requests import reopening
from apps.review import services as review
from tests.contests import at_once
from tests.factories.cards import AT, make_request
from tests.factories.people import make_reviewer

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL"),
]

LATER = AT + timedelta(hours=2)
contest = pytest.mark.parametrize("turn", range(4))


def take_back(card_request, at):
    row = CardRequest.objects.select_related("holder").get(pk=card_request.pk)
    reopening.reopen(card_request=row, fields=["phone"], by=card_request.applicant, at=at)


@contest
def test_what_a_reviewer_claimed_first_is_not_taken_back(turn):
    card_request = make_request(RequestStatus.ACCEPTED)
    claim = partial(claims.claim, subject=card_request, by=make_reviewer(), at=LATER)
    codes = [refusal.code for refusal in at_once(claim, partial(take_back, card_request, LATER))]
    card_request.refresh_from_db()
    is_back = card_request.status == RequestStatus.NEEDS_AMENDMENT
    # A case that was taken back can still be claimed, to reject it.
    assert codes == ([] if is_back else ["being_read"])
    assert claim_of(card_request, at=LATER) is not None


@contest
def test_of_taking_back_and_approving_after_a_lapsed_claim_one_is_first(turn, settings):
    card_request = make_request(RequestStatus.ACCEPTED)
    reviewer = make_reviewer()
    claims.claim(subject=card_request, by=reviewer, at=LATER)
    at = LATER + settings.REVIEW_CLAIM_LIFETIME
    seen = {"seen_since": card_request.status_since, "by": reviewer, "at": at}
    approve = partial(
        review.approve, card_request=CardRequest.objects.get(pk=card_request.pk), **seen
    )
    [refusal] = at_once(approve, partial(take_back, card_request, at))
    card_request.refresh_from_db()
    assert (card_request.status, refusal.code) in {
        (RequestStatus.APPROVED, "wrong_status"),
        (RequestStatus.NEEDS_AMENDMENT, "changed"),
    }


@contest
def test_of_two_clicks_one_asks(turn):
    card_request = make_request(RequestStatus.APPROVED)
    ask = partial(
        inquiries.ask,
        card_request=card_request,
        fields=["phone"],
        text="写错了",
        by=card_request.applicant,
        at=LATER,
    )
    [refusal] = at_once(ask, ask)
    assert refusal.code == "asked_already"
    assert Inquiry.objects.count() == 1
