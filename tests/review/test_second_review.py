"""A risky request needs two people, where the setting says so."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.models import CardRequest
from apps.desk import roles
from apps.desk.claims import services as claims
from apps.desk.event_kinds import CaseAction
from apps.desk.models import Claim
from apps.requests.models import Particulars
from apps.review import queue, second_review, services
from apps.review.filters import RequestFilter
from apps.review.models import FirstApproval
from apps.review.second_review import NeedsAnother
from tests.book import desk_events
from tests.contests import at_once
from tests.dates import in_words
from tests.factories.cards import AT, ask, make_calm
from tests.factories.people import make_colleague, make_holder, make_reviewer

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=2)


@pytest.fixture(autouse=True)
def _two_people(settings):
    settings.REVIEW_SECOND_REVIEW = True


def make_supervisor():
    return make_colleague(roles.SUPERVISOR)


def make_risky():
    """The phone is not that of the roster."""
    card_request = make_calm()
    Particulars.objects.filter(card_request=card_request).update(phone="13900000001")
    return card_request


def approve(card_request, by, *, at=LATER):
    card_request.refresh_from_db()
    claims.claim(subject=card_request, by=by, at=at)
    services.approve(card_request=card_request, seen_since=card_request.status_since, by=by, at=at)


def status(card_request):
    return CardRequest.objects.get(pk=card_request.pk).status


def test_the_first_approval_of_a_risky_request_moves_nothing_and_is_on_record():
    card_request, first = make_risky(), make_reviewer()
    approve(card_request, first)
    assert status(card_request) == RequestStatus.ACCEPTED
    assert FirstApproval.objects.get().by == first
    event = desk_events().get(action=CaseAction.FIRST_APPROVAL)
    assert (event.subject_id, event.by, event.facts) == (
        card_request.pk,
        first,
        {"risks": ["PHONE_CHANGED"]},
    )
    assert not Claim.objects.exists(), "the claim ends, so that another may claim it"


def test_the_second_approval_by_somebody_else_moves_the_request():
    card_request, second = make_risky(), make_supervisor()
    approve(card_request, make_reviewer())
    approve(card_request, second)
    assert status(card_request) == RequestStatus.APPROVED
    assert card_request.events.get(action=RequestAction.APPROVE).by == second


def test_nobody_is_the_second_to_themselves():
    card_request, supervisor = make_risky(), make_supervisor()
    approve(card_request, supervisor)
    with pytest.raises(NeedsAnother):
        approve(card_request, supervisor)
    assert status(card_request) == RequestStatus.ACCEPTED


def test_the_second_needs_the_permission():
    card_request = make_risky()
    approve(card_request, make_reviewer())
    with pytest.raises(NeedsAnother):
        approve(card_request, make_reviewer())


def test_a_first_approval_is_stale_once_the_case_has_changed():
    card_request, first = make_risky(), make_reviewer()
    approve(card_request, first)
    ask(card_request, at=LATER)
    card_request.refresh_from_db()
    assert second_review.first_of(card_request) is None
    again = LATER + timedelta(hours=1)
    services.requests.amend(
        card_request=card_request, values={}, by=card_request.applicant, at=again
    )
    approve(card_request, make_supervisor(), at=again + timedelta(hours=1))
    assert status(card_request) == RequestStatus.ACCEPTED, "that was a first approval again"
    assert FirstApproval.objects.count() == 2


def test_a_request_without_a_risk_needs_one_approval():
    card_request = make_calm()
    approve(card_request, make_reviewer())
    assert status(card_request) == RequestStatus.APPROVED


def test_without_the_setting_one_approval_is_enough(settings):
    settings.REVIEW_SECOND_REVIEW = False
    card_request = make_risky()
    approve(card_request, make_reviewer())
    assert status(card_request) == RequestStatus.APPROVED


def test_a_case_with_a_first_approval_is_offered_to_other_second_reviewers_only():
    card_request, first = make_risky(), make_supervisor()
    approve(card_request, first)
    offered = {
        "first": list(queue.waiting_for(first)),
        "reviewer": list(queue.waiting_for(make_reviewer())),
        "supervisor": list(queue.waiting_for(make_supervisor())),
    }
    assert offered == {"first": [], "reviewer": [], "supervisor": [card_request]}


def test_who_may_approve_after_the_first_is_offered_the_case_and_nobody_else():
    calm, risky, fresh = make_calm(), make_risky(), make_risky()
    first = make_supervisor()
    approve(risky, first)
    requests = CardRequest.objects.filter(status=RequestStatus.ACCEPTED)
    assert set(requests) == {calm, risky, fresh}
    answers = set()
    for user in (first, make_reviewer(), make_supervisor()):
        offered = set(second_review.offered_to(user, requests))
        for card_request in requests:
            is_allowed = may_approve(card_request, user)
            assert (card_request in offered) == is_allowed
            answers.add(is_allowed)
    assert answers == {True, False}


def may_approve(card_request, user):
    try:
        first = second_review.first_of(card_request)
        second_review.check_may_follow(card_request, first, by=user)
    except NeedsAnother:
        return False
    return True


def test_the_filter_finds_what_waits_for_a_second_reviewer():
    card_request, _other = make_risky(), make_risky()
    approve(card_request, make_reviewer())
    chosen = RequestFilter({"stage": "second_review"})
    assert chosen.is_valid()
    found = chosen.narrow(CardRequest.objects.all(), user=make_reviewer(), at=LATER)
    assert list(found) == [card_request]
    assert chosen.chosen == [("环节", "待复核")]


def change(card_request):
    return reverse("admin:cards_cardrequest_change", args=[card_request.reference])


def test_the_page_tells_the_second_who_was_first_and_the_first_that_it_is_not_theirs(client):
    card_request = make_risky()
    first = make_holder(name="王芳", user=make_supervisor()).user
    approve(card_request, first)
    second = make_supervisor()
    for user in (first, second):
        client.force_login(user)
        client.post(reverse("admin:cards_cardrequest_claim", args=[card_request.reference]))
        page = in_words(client.get(change(card_request)).content.decode())
        assert "11月23日（周一）12:00:00 初审通过" in page
        assert ("approve-title" in page) == (user == second)
        assert ("需要由另一位有复核权限的同事复核" in page) == (user == first)
        client.post(reverse("admin:cards_cardrequest_release", args=[card_request.reference]))


def test_the_first_is_told_that_a_second_follows(client):
    card_request = make_risky()
    client.force_login(make_reviewer())
    client.post(reverse("admin:cards_cardrequest_claim", args=[card_request.reference]))
    data = {"approve-status_since": card_request.status_since.isoformat()}
    url = reverse("admin:cards_cardrequest_approve", args=[card_request.reference])
    answer = client.post(url, data, follow=True)
    assert "已记为初审通过" in answer.content.decode()
    assert status(card_request) == RequestStatus.ACCEPTED


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_supervisors_at_once_never_count_as_one_after_the_other_unseen():
    card_request = make_risky()
    one, two = make_supervisor(), make_supervisor()
    seen = {"seen_since": card_request.status_since, "at": LATER}
    claims.claim(subject=card_request, by=one, at=LATER)
    refused = at_once(
        lambda: services.approve(card_request=card_request, by=one, **seen),
        lambda: services.approve(card_request=card_request, by=two, **seen),
    )
    assert len(refused) == 1
    assert status(card_request) == RequestStatus.ACCEPTED
    assert FirstApproval.objects.get().by == one
