"""The progress page by itself: it asks while it is seen, and brings both columns up to date."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.people.enums import Edition
from apps.people.models import User
from tests.chromium import DESKTOP, PHONE, assert_fits
from tests.factories.cards import (
    accept,
    approve,
    dispatch,
    make_card,
    make_request,
    pay,
    produce,
)
from tests.factories.moments import ago, noon
from tests.factories.payments import make_payable
from tests.factories.people import make_holder, make_ward
from tests.sampling import some

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOW_TAB = """is_hidden => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => is_hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture
def request_in_production():
    """A card that was made a moment ago and goes to an address: its page asks every 3 seconds."""
    at = timezone.now() - timedelta(seconds=10)
    card_request = make_payable(at=at)
    for step in (pay, accept, approve, produce):
        step(card_request, at=at)
    return card_request


@pytest.mark.slow
def test_the_tracking_number_arrives_in_both_columns_without_a_reload(
    signed_in, request_in_production, assert_accessible
):
    page = signed_in(request_in_production.holder, viewport=DESKTOP)
    page.goto(request_in_production.get_absolute_url())
    expect(page.get_by_text("卡已制好")).to_be_visible()
    dispatch(request_in_production, at=timezone.now())
    expect(page.get_by_text("1000000000001")).to_have_count(2)
    expect(page.locator("#shipment")).to_contain_text("1000000000001")
    expect(page.get_by_role("button", name="确认领卡")).to_be_visible()
    assert_accessible(page)


@pytest.mark.slow
def test_a_hidden_tab_asks_nothing_and_asks_at_once_when_it_is_seen(
    signed_in, request_in_production
):
    page = signed_in(request_in_production.holder, viewport=PHONE)
    page.goto(request_in_production.get_absolute_url())
    with page.expect_request(lambda request: "seen=" in request.url):
        pass  # While it is seen it asks by itself.
    page.evaluate(SHOW_TAB, True)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    dispatch(request_in_production, at=timezone.now())
    page.wait_for_timeout(4_000)  # Longer than the 3 seconds after which it would ask.
    assert asked == []
    page.evaluate(SHOW_TAB, False)
    expect(page.locator("#live")).to_contain_text("1000000000001", timeout=2_000)


# Words that run into those of the next node.
WIDER_THAN_THEIR_NODE = """() => [...document.querySelectorAll(".tl > li")]
    .filter((node) => node.scrollWidth > node.clientWidth + 1)
    .map((node) => node.textContent.trim())"""


@pytest.mark.parametrize("theme", some(["light", "dark"], "light"))
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_number_the_bar_and_the_card_are_in_view(
    signed_in, assert_accessible, request_in_production, viewport, theme
):
    page = signed_in(request_in_production.holder, viewport=viewport)
    page.emulate_media(color_scheme=theme)
    page.goto("/progress/")
    # The only request needs no list: the page of it opens at once.
    expect(page).to_have_url(request_in_production.get_absolute_url())
    for part in (".figure", ".way-bar", ".face-card"):
        box = page.locator(part).bounding_box()
        assert box["y"] + box["height"] <= viewport["height"], part
    expect(page.get_by_text("现在不用您做什么")).to_be_visible()
    assert_fits(page)
    assert page.evaluate(WIDER_THAN_THEIR_NODE) == []
    assert_accessible(page)
    page.emulate_media(color_scheme="light")


def test_the_parts_of_the_bar_are_as_long_as_they_take(signed_in):
    at = noon(day_of(timezone.now()) - timedelta(days=6))
    card_request = make_request(RequestStatus.ACCEPTED, at=at)
    approve(card_request, at=at + timedelta(days=4))
    page = signed_in(card_request.holder, viewport=DESKTOP)
    page.goto(card_request.get_absolute_url())
    expect(page.locator(".way-words")).to_contain_text("审核 4 天")
    first, making = (page.locator(".way-bar rect:not(.way-done)").nth(n) for n in (0, 1))
    days = int(re.search(r"约共 (\d+) 天", page.locator(".way-words").inner_text())[1])
    ratio = first.bounding_box()["width"] / making.bounding_box()["width"]
    assert ratio == pytest.approx(4 / days, rel=0.05)


@pytest.mark.slow
def test_the_card_prints_on_while_one_looks(signed_in, request_in_production):
    page = signed_in(request_in_production.holder, viewport=PHONE)
    page.goto(request_in_production.get_absolute_url())
    before = page.locator(".face-print").bounding_box()["width"]
    expect(page.locator(".tl [aria-current]")).to_contain_text("待发出")
    dispatch(request_in_production, at=timezone.now())
    expect(page.locator(".tl [aria-current]")).to_contain_text("待领取")
    expect(page.get_by_role("button", name="确认领卡")).to_be_visible()
    assert page.locator(".face-print").bounding_box()["width"] >= before


@pytest.mark.slow
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_list_and_a_late_request_are_accessible(signed_in, assert_accessible, viewport):
    holder = make_holder()
    make_request(RequestStatus.COLLECTED, holder=holder)
    late = make_request(
        RequestStatus.APPROVED,
        holder=make_ward(holder),
        by=holder.user,
        at=timezone.now() - timedelta(days=60),
    )
    page = signed_in(holder, viewport=viewport)
    page.goto("/progress/")
    expect(page.get_by_text("已超期", exact=True)).to_have_count(1)
    assert_accessible(page)
    page.get_by_role("link", name="女儿 *乐").click()
    expect(page.get_by_role("article")).to_have_count(1)
    page.goto(late.get_absolute_url())
    expect(page.get_by_text("由人事处向制卡中心查询")).to_be_visible()
    assert_accessible(page)


def rejected():
    return make_request(RequestStatus.REJECTED, at=ago(days=30))


def in_use():
    return CardRequest.objects.get(card=make_card(at=ago(days=30)))


@pytest.mark.parametrize("make", [rejected, in_use])
def test_a_request_that_ended_leaves_no_empty_panel(signed_in, make):
    """On a large screen the panel is as tall as what it says, with a small card or without one."""
    card_request = make()
    page = signed_in(card_request.holder, viewport=DESKTOP)
    page.goto(card_request.get_absolute_url())
    assert page.locator(".progress").bounding_box()["height"] < 200


def test_large_letters_have_the_nodes_below_each_other_on_a_large_screen(signed_in):
    card_request = make_request(RequestStatus.COLLECTED, at=ago(days=30))
    User.objects.filter(pk=card_request.holder.user_id).update(edition=Edition.ELDER)
    page = signed_in(card_request.holder, viewport=DESKTOP)
    page.goto(card_request.get_absolute_url())
    nodes = [node.bounding_box() for node in page.locator(".nodes .tl > li").all()]
    assert len({node["x"] for node in nodes}) == 1
    assert page.locator(".progress").bounding_box()["height"] < 250
