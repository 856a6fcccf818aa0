"""The first page in every state of a card: its shape, its one action, both widths, both themes."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.cards.enums import CardStatus, RequestStatus
from tests.chromium import DESKTOP, PHONE, assert_fits
from tests.factories.cards import activate, make_card, make_request
from tests.factories.moments import ago
from tests.factories.people import make_holder

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NARROW = {"width": 320, "height": 640}
CARD = 793 / 500  # 85.6 × 54 mm


def with_request(status):
    return lambda at: make_request(status, at=at).holder


def with_card(status):
    return lambda at: make_card(status, at=at).holder


STATES = {
    "none": lambda at: make_holder(),
    "draft": with_request(RequestStatus.DRAFT),
    "made": with_request(RequestStatus.APPROVED),
    "amendment": with_request(RequestStatus.NEEDS_AMENDMENT),
    "sent": with_request(RequestStatus.DISPATCHED),
    "sealed": with_card(CardStatus.SEALED),
    "active": with_card(CardStatus.ACTIVE),
    "suspended": with_card(CardStatus.SUSPENDED),
    "lost": with_card(CardStatus.LOST),
    "retired": with_card(CardStatus.RETIRED),
}
# The others run in CI.
USUAL = {"made"}
ALL = [
    pytest.param(make, id=name, marks=[] if name in USUAL else [pytest.mark.slow])
    for name, make in STATES.items()
]


def assert_has_the_shape_of_a_card(page):
    box = page.locator(".face-card").bounding_box()
    assert box["width"] / box["height"] == pytest.approx(CARD, rel=0.01)


def filled_in_view(page):
    """The filled buttons that are in view."""
    height = page.viewport_size["height"]
    buttons = page.locator("main .btn:not(.tonal):not(.line):not(.text):not(.danger)").all()
    boxes = [button.bounding_box() for button in buttons]
    return [box for box in boxes if box and box["y"] + box["height"] <= height]


@pytest.mark.parametrize("make", ALL)
def test_the_first_page_at_both_widths_and_in_both_themes(signed_in, assert_accessible, make):
    page = signed_in(make(ago(hours=5)), viewport=PHONE)
    has_errand = None
    for viewport in (PHONE, DESKTOP):
        page.set_viewport_size(viewport)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            page.goto("/")
            assert_accessible(page)
            assert_fits(page)
            assert_has_the_shape_of_a_card(page)
            found = filled_in_view(page)
            assert len(found) <= 1
            assert has_errand in (None, len(found))
            has_errand = len(found)
            if found and viewport is DESKTOP:
                assert found[0]["y"] <= 0.6 * viewport["height"]
    page.emulate_media(color_scheme="light")


@pytest.mark.parametrize("make", ALL)
def test_it_fits_the_narrowest_phone_and_type_of_twice_the_size(signed_in, make):
    page = signed_in(make(ago(hours=5)), viewport=NARROW)
    page.goto("/")
    assert_fits(page)
    assert_has_the_shape_of_a_card(page)
    page.set_viewport_size(PHONE)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert_fits(page)


def test_the_sleeve_slides_off_once_and_stays_where_motion_is_not_wanted(signed_in):
    card = make_card(CardStatus.SEALED, at=ago(days=3))
    page = signed_in(card.holder, viewport=PHONE)
    page.goto("/")
    sleeve = page.locator(".face-sleeve")
    expect(sleeve).to_have_css("visibility", "visible")
    activate(card, at=timezone.now())
    page.goto("/")
    expect(sleeve).to_have_css("animation-name", "face-unsleeve")
    expect(sleeve).to_have_css("visibility", "hidden")
    page.emulate_media(reduced_motion="reduce")
    page.goto("/")
    expect(sleeve).to_have_css("animation-name", "none")
    page.emulate_media(reduced_motion="no-preference")


@pytest.mark.smoke
def test_the_card_leads_to_its_page_and_the_errand_is_done_in_one_tap(signed_in):
    card = make_card(CardStatus.SUSPENDED, at=ago(days=1))
    page = signed_in(card.holder, viewport=PHONE)
    page.goto("/")
    page.locator(".face-link").click()
    expect(page).to_have_url(f"/cards/{card.reference}/")
    expect(page.get_by_role("link", name="证明某一时刻这张卡能否使用")).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="卡找到了，解除挂失").click()
    expect(page).to_have_url(f"/loss/{card.reference}/lift/")
