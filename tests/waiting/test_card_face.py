"""A card looks as its status at the moment says, and is printed as far as the way has gone."""

from datetime import timedelta

import pytest

from apps.cards.enums import CardStatus, RequestStatus
from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.requests import promises
from apps.waiting import card_face
from apps.waiting.card_face import FaceLook
from apps.waiting.way import way
from tests.factories.cards import AT, make_card, make_draft, make_request
from tests.factories.loss_reports import make_loss_report
from tests.factories.moments import noon

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(days=1)


def face_of(card_request, *, at):
    row = (
        CardRequest.objects.with_milestones().select_related("particulars").get(pk=card_request.pk)
    )
    times = promises.stage_times([row])[row.pk]
    return card_face.of_request(row, way=way(row, times, at=at), at=at)


@pytest.mark.parametrize("status", CardStatus)
def test_a_card_looks_as_its_status(status):
    face = card_face.of_card(make_card(status), at=LATER)
    assert (face.look, face.words) == (status, status.label)


def test_a_suspension_that_is_over_has_melted_before_any_worker_ran():
    card = make_card(CardStatus.SUSPENDED)
    face = card_face.of_card(card, at=card.suspended_until)
    assert (face.look, face.ring) == (CardStatus.ACTIVE, 0)


def test_the_ring_is_the_part_of_the_suspension_that_is_left():
    card = make_loss_report(at=noon(day_of(LATER))).card
    end = card.suspended_until
    face = card_face.of_card(card, at=end - timedelta(days=2, hours=3))
    assert face.time_left == "2天"
    assert face.ring == round(100 * timedelta(days=2, hours=3) / (end - card.status_since))
    assert card_face.of_card(card, at=end - timedelta(hours=3)).time_left == "3小时"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (RequestStatus.DRAFT, "填写中"),
        (RequestStatus.SUBMITTED, "待缴费"),
        (RequestStatus.ACCEPTED, "审核中"),
        (RequestStatus.NEEDS_AMENDMENT, "轮到您"),
        (RequestStatus.APPROVED, "制作中"),
        (RequestStatus.DISPATCHED, "已发出"),
    ],
)
def test_a_card_on_its_way_is_half_printed_and_names_the_node(status, words):
    face = face_of(make_request(status), at=LATER)
    assert (face.look, face.words) == (FaceLook.PRINTING, words)
    assert 0 < face.printed < 100


@pytest.mark.parametrize("status", [RequestStatus.REJECTED, RequestStatus.COLLECTED])
def test_a_request_that_is_over_has_no_card_on_its_way(status):
    assert face_of(make_request(status), at=LATER) is None


def test_the_form_prints_as_it_is_filled_in_and_the_days_print_on():
    empty = face_of(make_draft(complete=False), at=AT).printed
    full = face_of(make_draft(), at=AT).printed
    days = [
        face_of(make_request(RequestStatus.APPROVED), at=AT + timedelta(days=passed)).printed
        for passed in range(0, 12, 3)
    ]
    assert empty < full <= days[0]
    assert days == sorted(days)
    assert days[-1] <= 100


def test_a_change_is_shown_for_a_moment_and_then_no_more():
    card = make_card(CardStatus.ACTIVE)
    since = card.status_since
    assert card_face.of_card(card, at=since + timedelta(seconds=1)).former == CardStatus.SEALED
    assert card_face.of_card(card, at=since + timedelta(minutes=1)).former == ""
