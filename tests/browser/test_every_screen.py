"""Every matter goes through on a phone and on a desktop, by day and by night.

The stories are those whose taps are counted (test_taps), which walks them on a phone by day.
"""

import pytest
from playwright.sync_api import expect

import tests.browser.stories  # noqa: F401 (registers the stories)
from tests.browser import taps
from tests.browser.steps import heading
from tests.browser.stories.application import pay, prove_and_hand_in, put_portrait
from tests.chromium import DESKTOP, PHONE, assert_fits
from tests.factories.people import make_ward
from tests.journeys.steps import card_request_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("one_address", "quick_bureau", "proposals"),
]

GROUND = {"light": "rgb(242, 244, 248)", "dark": "rgb(12, 17, 24)"}
SCREENS = [(PHONE, "dark"), (DESKTOP, "light"), (DESKTOP, "dark")]
SCREEN_NAMES = ["phone-dark", "desktop-light", "desktop-dark"]


def open_home(signed_in, holder, viewport, theme):
    page = signed_in(holder, viewport=viewport)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.goto("/")
    ground = page.locator("body").evaluate("(one) => getComputedStyle(one).backgroundColor")
    assert ground == GROUND[theme]
    return page


@pytest.mark.parametrize(("viewport", "theme"), SCREENS, ids=SCREEN_NAMES)
@pytest.mark.parametrize("name", taps.STORIES)
def test_a_matter_goes_through(signed_in, holder, name, viewport, theme):
    told = taps.STORIES[name]
    told.prepare(holder)
    page = open_home(signed_in, holder, viewport, theme)
    told.walk(taps.Hand(page), holder)
    assert_fits(page)


@pytest.mark.parametrize(
    ("viewport", "theme"), [(PHONE, "light"), *SCREENS], ids=["phone-light", *SCREEN_NAMES]
)
def test_a_guardian_applies_for_a_child(signed_in, holder, viewport, theme):
    child = make_ward(holder)
    page = open_home(signed_in, holder, viewport, theme)
    hand = taps.Hand(page)
    hand.tap("女儿 *乐")
    expect(page.get_by_role("heading", name="您可以替*乐申领社保卡")).to_be_visible()
    hand.tap("代办申领")
    heading(page, "监护人同意")
    for box in page.get_by_role("checkbox").all():
        box.check()
    hand.tap("同意并开始办理")
    heading(page, "填写申领信息")
    put_portrait(hand)
    hand.tap("下一步：核对信息")
    prove_and_hand_in(hand)
    pay(hand)
    card_request = card_request_of(child)
    assert card_request.awaits_payment
    assert card_request.applicant == holder.user
    assert_fits(page)
