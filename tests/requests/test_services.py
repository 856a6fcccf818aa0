"""What applicants and reviewers do to a request, and who may."""

from datetime import timedelta

import pytest

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.cards.permissions import MayNotReview, NotYours
from apps.common.moments import day_of
from apps.common.refusals import Refused
from apps.lifecycle.refusals import NotAllowed
from apps.requests import services
from apps.requests.services import DuplicateRequest, Incomplete
from tests.factories.cards import AT, make_draft, make_request
from tests.factories.people import make_holder, make_reviewer

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=2)
WHEN = {"at": LATER}


def test_a_draft_begins_with_what_is_known_about_the_person():
    holder = make_holder()
    particulars = make_draft(holder=holder, complete=False).particulars
    assert (particulars.name, particulars.id_number) == (holder.name, holder.id_number)
    assert particulars.phone == holder.phone


def test_a_second_draft_is_refused_and_leaves_no_trace():
    first = make_draft()
    with pytest.raises(DuplicateRequest):
        make_draft(holder=first.holder)
    assert CardRequest.objects.get() == first


def test_a_stranger_cannot_begin_save_submit_withdraw_or_collect():
    stranger = make_holder().user
    card_request = make_draft()
    other = make_holder()
    with pytest.raises(NotYours):
        make_draft(holder=other, by=stranger)
    for verb in (services.submit, services.withdraw, services.collect):
        with pytest.raises(NotYours):
            verb(card_request=card_request, by=stranger, **WHEN)
    with pytest.raises(NotYours):
        services.save_draft(card_request=card_request, values={"address": "x"}, by=stranger, **WHEN)


def test_an_incomplete_request_says_what_is_missing():
    card_request = make_draft(complete=False)
    with pytest.raises(Incomplete) as refusal:
        services.submit(card_request=card_request, by=card_request.applicant, **WHEN)
    assert "portrait" in refusal.value.fields
    assert "制证照片" in refusal.value.message
    assert CardRequest.objects.get().status == RequestStatus.DRAFT


def test_a_submitted_request_cannot_be_saved_as_a_draft():
    card_request = make_request(RequestStatus.SUBMITTED)
    with pytest.raises(NotAllowed):
        services.save_draft(
            card_request=card_request, values={"address": "别处"}, by=card_request.applicant, **WHEN
        )


def test_an_amendment_opens_only_the_fields_that_were_named():
    card_request = make_request(RequestStatus.NEEDS_AMENDMENT)
    with pytest.raises(Refused) as refusal:
        services.amend(
            card_request=card_request,
            values={"address": "山东省济南市"},
            by=card_request.applicant,
            **WHEN,
        )
    assert refusal.value.code == "field_not_open"
    stored = CardRequest.objects.get()
    assert stored.status == RequestStatus.NEEDS_AMENDMENT

    services.amend(
        card_request=stored, values={"phone": "13900139000"}, by=card_request.applicant, **WHEN
    )
    assert stored.status == RequestStatus.ACCEPTED
    assert stored.amendments.get().answered_by == card_request.applicant
    assert CardRequest.objects.get().particulars.phone == "13900139000"


@pytest.mark.parametrize(
    "items",
    [
        [],
        [{"field": "name", "reason": "换名"}],
        [{"field": "phone", "reason": "  "}],
    ],
)
def test_an_amendment_needs_an_open_field_and_a_reason(items):
    card_request = make_request(RequestStatus.ACCEPTED)
    with pytest.raises(Refused):
        services.request_amendment(
            card_request=card_request,
            items=items,
            due_date=day_of(LATER),
            by=make_reviewer(),
            **WHEN,
        )
    assert CardRequest.objects.get().status == RequestStatus.ACCEPTED


def test_a_rejection_needs_a_reason_and_closes_an_open_amendment():
    card_request = make_request(RequestStatus.NEEDS_AMENDMENT)
    with pytest.raises(Refused):
        services.reject(card_request=card_request, reason=" ", by=make_reviewer(), **WHEN)
    services.reject(card_request=card_request, reason="逾期未修改", by=make_reviewer(), **WHEN)
    assert card_request.amendments.get().answered_at == LATER


def test_only_reviewers_decide():
    card_request = make_request(RequestStatus.ACCEPTED)
    with pytest.raises(MayNotReview):
        services.approve(card_request=card_request, by=make_holder().user, **WHEN)


def test_a_reviewer_cannot_decide_on_their_own_request():
    reviewer = make_reviewer()
    holder = make_holder(user=reviewer)
    card_request = make_request(RequestStatus.ACCEPTED, holder=holder)
    with pytest.raises(MayNotReview) as refusal:
        services.approve(card_request=card_request, by=reviewer, **WHEN)
    assert refusal.value.code == "party"
