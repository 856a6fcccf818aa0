"""Nothing moves under the hand while a page comes: the Layout Instability API counts no shift."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestStatus
from tests.chromium import DESKTOP, PHONE
from tests.factories.cards import make_draft, make_request

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# All shifts since the page began, also those after the click that led to it, and what moved.
SHIFTS = """() => new Promise((resolve) => {
  const found = [];
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) {
      const moved = shift.sources.map((one) => one.node?.parentElement?.outerHTML.slice(0, 80));
      found.push([shift.value, moved]);
    }
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(found), 600);
})"""


def a_page_of(status):
    """(who sees it, its address): home, the form of a draft, or the progress of a request."""
    at = timezone.now() - timedelta(days=2)
    if status == RequestStatus.DRAFT:
        draft = make_draft(at=at, complete=False)
        return draft.holder, reverse("application:form", args=[draft.reference])
    card_request = make_request(status, at=at)
    if status == RequestStatus.COLLECTED:
        return card_request.holder, reverse("home:home")
    return card_request.holder, card_request.get_absolute_url()


@pytest.mark.parametrize(
    "viewport", [PHONE, pytest.param(DESKTOP, marks=pytest.mark.slow)], ids=["phone", "desktop"]
)
@pytest.mark.parametrize(
    "status",
    [
        RequestStatus.DRAFT,
        pytest.param(RequestStatus.APPROVED, marks=pytest.mark.slow),
        pytest.param(RequestStatus.COLLECTED, marks=pytest.mark.slow),
    ],
)
def test_nothing_moves_while_a_page_comes(signed_in, status, viewport):
    holder, address = a_page_of(status)
    page = signed_in(holder, viewport=viewport)
    page.goto(address, wait_until="load")
    assert page.evaluate(SHIFTS) == []


def test_a_picture_can_be_sent_from_the_form_without_javascript(signed_in):
    draft = make_draft(at=timezone.now() - timedelta(days=2), complete=False)
    page = signed_in(draft.holder, viewport=PHONE, java_script_enabled=False)
    page.goto(reverse("application:form", args=[draft.reference]))
    page.get_by_role("button", name="保存填好的，去选照片").click()
    page.wait_for_url("**/portrait/")
    assert page.get_by_label("选择照片").is_visible()
