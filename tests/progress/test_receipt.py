"""制卡进度查询: confirming the receipt of a card."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestAction, RequestStatus
from apps.common.templatetags.formats import end_of_day
from apps.requests.policies import last_day_to_confirm
from tests.dates import in_words
from tests.factories.cards import make_request
from tests.factories.people import make_holder, make_ward

pytestmark = pytest.mark.django_db


def test_confirming_the_receipt_is_done_once(client):
    card_request = make_request(RequestStatus.DISPATCHED)
    client.force_login(card_request.holder.user)
    url = reverse("progress:collect", args=[card_request.reference])
    page = client.post(url, follow=True).content.decode()
    assert "已确认领卡" in page
    client.post(url)
    card_request.refresh_from_db()
    assert card_request.status == RequestStatus.COLLECTED
    assert card_request.events.filter(action=RequestAction.COLLECT).count() == 1


def test_confirming_too_early_is_refused(client):
    card_request = make_request(RequestStatus.APPROVED)
    client.force_login(card_request.holder.user)
    url = reverse("progress:collect", args=[card_request.reference])
    assert "不能确认领卡" in client.post(url, follow=True).content.decode()


def test_a_guardian_confirms_for_the_child_and_a_stranger_finds_nothing(client):
    guardian = make_holder()
    card_request = make_request(
        RequestStatus.DISPATCHED, holder=make_ward(guardian), by=guardian.user
    )
    url = reverse("progress:collect", args=[card_request.reference])
    client.force_login(make_holder().user)
    assert client.post(url).status_code == 404
    assert client.get(card_request.get_absolute_url()).status_code == 404
    client.force_login(guardian.user)
    client.post(url)
    card_request.refresh_from_db()
    assert card_request.status == RequestStatus.COLLECTED


@pytest.mark.parametrize("days", [0, 14])
def test_the_page_says_from_when_on_the_card_counts_as_received(client, days):
    card_request = make_request(
        RequestStatus.DISPATCHED, at=timezone.now() - timedelta(days=days, hours=1)
    )
    last_day = end_of_day(last_day_to_confirm(card_request))
    client.force_login(card_request.holder.user)
    page = client.get(card_request.get_absolute_url()).content.decode()
    assert f"到 {last_day} 还没有确认的，算已领取。" in in_words(page)
