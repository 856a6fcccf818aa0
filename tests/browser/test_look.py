"""The frame of every page: small and large screens, large type, no script, and axe."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.cards.enums import RequestStatus
from apps.common.moments import day_of
from tests.chromium import DESKTOP, PHONE
from tests.factories.cards import make_card, make_request
from tests.factories.people import make_holder, make_ward

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NARROW = {"width": 320, "height": 640}
OPEN_PAGES = ["/", "/apply/", "/replace/", "/areas/", "/accounts/login/"]


@pytest.fixture
def holder():
    """Somebody with a child, a card and a request that waits for an answer."""
    holder = make_holder()
    make_card(holder=holder)
    child = make_ward(holder, birth_date=day_of(timezone.now()) - timedelta(days=3000))
    make_request(RequestStatus.NEEDS_AMENDMENT, holder=child, by=holder.user, at=timezone.now())
    return holder


def assert_fits(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


@pytest.mark.parametrize(
    "viewport",
    [pytest.param(PHONE, id="phone"), pytest.param(DESKTOP, id="desktop", marks=pytest.mark.slow)],
)
@pytest.mark.parametrize("path", OPEN_PAGES)
def test_open_pages_are_accessible(open_page, assert_accessible, path, viewport):
    page = open_page(viewport=viewport)
    page.goto(path)
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_one_s_own_first_page_is_accessible(signed_in, holder, assert_accessible, viewport):
    page = signed_in(holder, viewport=viewport)
    page.goto("/")
    expect(page.get_by_role("heading", name="待我办理")).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize("path", OPEN_PAGES)
def test_the_narrowest_phone_needs_no_sideways_scrolling(open_page, path):
    page = open_page(viewport=NARROW)
    page.goto(path)
    assert_fits(page)


@pytest.mark.parametrize("path", OPEN_PAGES)
def test_type_of_twice_the_size_fits(open_page, path):
    page = open_page(viewport=PHONE)
    page.goto(path)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert_fits(page)


def test_the_menu_and_large_type_work_without_javascript(open_page):
    page = open_page(viewport=PHONE, java_script_enabled=False)
    page.goto("/replace/")
    page.locator("summary", has_text="菜单").click()
    page.get_by_role("button", name="使用大字").click()
    expect(page.locator("html.large")).to_have_count(1)
    expect(page).to_have_url("/replace/")
    page.locator("summary", has_text="菜单").click()
    page.get_by_role("button", name="恢复标准字号").click()
    expect(page.locator("html.large")).to_have_count(0)


def test_escape_closes_the_menu_and_keeps_the_place(open_page):
    page = open_page(viewport=PHONE)
    page.goto("/replace/")
    summary = page.locator("summary", has_text="菜单")
    summary.click()
    page.get_by_role("button", name="使用大字").focus()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="使用大字")).to_be_hidden()
    expect(summary).to_be_focused()


def test_the_keyboard_skips_to_what_the_page_is_about(open_page):
    page = open_page(viewport=DESKTOP)
    page.goto("/replace/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到主要内容")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_guardian_switches_between_persons(signed_in, holder):
    page = signed_in(holder, viewport=PHONE)
    page.goto("/")
    own = page.get_by_role("link", name="本人", exact=True)
    expect(own).to_have_attribute("aria-current", "true")
    page.get_by_role("link", name="女儿 *乐").click()
    expect(page.get_by_role("link", name="女儿 *乐")).to_have_attribute("aria-current", "true")
    expect(page.get_by_text("社会保障卡正在办理")).to_be_visible()
