"""The button that takes an approval back, on the page of the case."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.bureau import production
from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.desk import roles
from apps.desk.models import Claim
from tests.factories.cards import make_request
from tests.factories.people import make_colleague

pytestmark = pytest.mark.django_db


@pytest.fixture
def card_request():
    """Approved a minute ago."""
    return make_request(RequestStatus.APPROVED, at=timezone.now() - timedelta(minutes=5))


def url(name, card_request):
    return reverse(f"admin:cards_cardrequest_{name}", args=[card_request.reference])


def press(desk, card_request, seen=None):
    data = {"status_since": seen or card_request.status_since.isoformat()}
    return desk.post(url("recall", card_request), data, follow=True).content.decode()


def status(card_request):
    return CardRequest.objects.get(pk=card_request.pk).status


def test_the_page_says_how_long_and_the_button_gives_the_case_back(desk, reviewer, card_request):
    assert "recall-title" in desk.get(url("change", card_request)).content.decode()
    page = press(desk, card_request)
    assert "已撤回审核通过" in page
    assert "approve-title" in page, "claimed, so the decision can be made anew at once"
    assert status(card_request) == RequestStatus.ACCEPTED
    assert Claim.objects.get(card_request=card_request).by == reviewer


def test_after_the_window_there_is_no_button_and_pressing_it_changes_nothing(
    desk, settings, card_request
):
    settings.DECISION_UNDO_WINDOW = timedelta(0)
    assert "recall-title" not in desk.get(url("change", card_request)).content.decode()
    assert "撤回的时间已过" in press(desk, card_request)
    assert status(card_request) == RequestStatus.APPROVED


def test_what_left_for_the_bureau_has_no_button(desk, settings, card_request):
    window = settings.DECISION_UNDO_WINDOW
    production.make_batch(at=card_request.status_since + window, limit=10)
    page = desk.get(url("change", card_request)).content.decode()
    assert url("recall", card_request) not in page
    assert "已经送往制卡中心" in page, "it says why"
    assert "已经送往制卡中心" in press(desk, card_request)


def test_another_approval_than_the_one_on_the_page_is_not_recalled(desk, card_request):
    earlier = (card_request.status_since - timedelta(days=1)).isoformat()
    assert "您的决定没有提交" in press(desk, card_request, seen=earlier)
    assert status(card_request) == RequestStatus.APPROVED


@pytest.mark.parametrize("moment", ["", "昨天", "2026-11-23"])
def test_a_button_without_its_moment_leads_nowhere(desk, card_request, moment):
    data = {"status_since": moment}
    assert desk.post(url("recall", card_request), data).status_code == 404


def test_an_auditor_has_no_button(client, card_request):
    client.force_login(make_colleague(roles.AUDITOR))
    assert "recall-title" not in client.get(url("change", card_request)).content.decode()
    data = {"status_since": card_request.status_since.isoformat()}
    assert client.post(url("recall", card_request), data).status_code == 403
