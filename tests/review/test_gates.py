"""Who may see and decide a request at the desk, and who may not."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from tests.book import looks
from tests.factories.cards import make_request
from tests.factories.people import (
    make_guardianship,
    make_holder,
    make_reviewer,
    make_user,
    make_ward,
)
from tests.review.steps import REASON, amendment

pytestmark = pytest.mark.django_db


def url(name, card_request):
    return reverse(f"admin:cards_cardrequest_{name}", args=[card_request.reference])


def status(card_request):
    return CardRequest.objects.get(pk=card_request.pk).status


@pytest.fixture
def card_request(db):
    return make_request(RequestStatus.ACCEPTED)


def parties():
    """A reviewer with a case of their own, of a child, and one filled in for somebody else."""
    reviewer = make_reviewer()
    own = make_holder(user=reviewer)
    ward = make_ward(own)
    return reviewer, {
        "own": make_request(RequestStatus.ACCEPTED, holder=own),
        "ward's": make_request(RequestStatus.ACCEPTED, holder=ward, by=reviewer),
        "ward's, filled in by the other parent": _by_other_parent(own),
    }


def _by_other_parent(own):
    ward = make_ward(own)
    other = make_holder(name="李梅")
    make_guardianship(other, ward)
    return make_request(RequestStatus.ACCEPTED, holder=ward, by=other.user)


@pytest.mark.parametrize("which", ["own", "ward's", "ward's, filled in by the other parent"])
def test_nobody_decides_on_a_case_of_their_own_or_of_their_child(client, which):
    reviewer, cases = parties()
    client.force_login(reviewer)
    card_request = cases[which]
    page = client.get(url("change", card_request)).content.decode()
    assert "不能由您审核，请交给其他审核人" in page
    assert "approve-title" not in page
    moment = card_request.status_since.isoformat()
    client.post(url("approve", card_request), {"approve-status_since": moment})
    client.post(url("reject", card_request), {"reject-status_since": moment, "reject-reason": "x"})
    client.post(
        url("request_amendment", card_request),
        amendment(status_since=moment, ask_phone="on", reason_phone="x"),
    )
    client.post(url("disclose", card_request), REASON)
    assert status(card_request) == RequestStatus.ACCEPTED
    assert not looks().exists()


@pytest.mark.parametrize("name", ["approve", "reject", "request_amendment", "disclose"])
def test_staff_without_the_permission_can_press_no_button(client, card_request, name):
    client.force_login(make_user(is_staff=True))
    assert client.post(url(name, card_request)).status_code == 403
    assert status(card_request) == RequestStatus.ACCEPTED


@pytest.mark.parametrize("name", ["change", "portrait", "reference_photo"])
def test_staff_without_the_permission_sees_no_case(client, card_request, name):
    client.force_login(make_user(is_staff=True))
    assert client.get(url(name, card_request)).status_code == 403


@pytest.mark.parametrize("name", ["approve", "reject", "request_amendment", "disclose"])
def test_a_button_is_pressed_by_post_only(desk, card_request, name):
    assert desk.get(url(name, card_request)).status_code == 405


def test_a_draft_cannot_be_looked_at(desk):
    assert desk.get(url("change", make_request(RequestStatus.DRAFT))).status_code == 404


def test_the_portrait_is_served_to_reviewers_and_kept_out_of_caches(desk, card_request):
    card_request.particulars.portrait.save("x.jpg", ContentFile(b"\xff\xd8\xff picture"))
    response = desk.get(url("portrait", card_request))
    assert b"".join(response.streaming_content) == b"\xff\xd8\xff picture"
    assert response["Content-Type"] == "image/jpeg"
    assert "no-store" in response["Cache-Control"]


def test_a_picture_that_is_not_there_is_not_found(desk, card_request):
    assert desk.get(url("reference_photo", card_request)).status_code == 404
