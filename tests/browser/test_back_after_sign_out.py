"""Back after signing out shows nothing of a person, not from Chromium's back/forward cache either.

Playwright turns that cache off, and the shell without windows has none: these tests start a whole
browser that has it.
"""

import os
import re
import shutil

import pytest
from django.test import Client
from playwright.sync_api import expect

from apps.common import masks
from tests.browser.steps import press, sign_in_by_hand
from tests.chromium import PHONE
from tests.factories.cards import make_card
from tests.factories.moments import ago

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OPEN_TO_ALL = "/areas/"
NOTE_WHETHER_KEPT = "addEventListener('pageshow', event => { window.wasKept = event.persisted; });"


def whole_chromium():
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="module")
def browser(chromium):
    """A browser that keeps pages for Back, as the ones of people do."""
    path = whole_chromium()
    if path is None:
        pytest.skip("no whole Chromium on this machine, only the shell without a cache for Back")
    browser = chromium.browser_type.launch(
        executable_path=path,
        args=["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-sync"],
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield browser
    browser.close()


@pytest.fixture
def visitor(browser, live_server):
    """A phone of somebody who has never been here."""
    context = browser.new_context(
        base_url=live_server.url,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport=PHONE,
        service_workers="block",
    )
    context.add_init_script(NOTE_WHETHER_KEPT)
    yield context
    context.close()


def words_of(holder, card):
    """What must not be read any more."""
    return [
        holder.name,
        masks.name(holder.name),
        masks.phone(holder.phone),
        masks.id_number(holder.id_number),
        masks.card_number(card.card_number),
    ]


def back(page):
    """A page out of the cache loads nothing, so there is no end of loading to wait for."""
    page.go_back(wait_until="commit")
    expect(page.locator("main")).to_be_visible()


def assert_shows_nothing_of(page, words):
    html = page.content()
    assert [word for word in words if word in html] == []


def test_back_after_sign_out_asks_to_sign_in(visitor, holder):
    card = make_card(holder=holder, at=ago(days=30))
    words = words_of(holder, card)
    page = visitor.new_page()
    page.goto("/accounts/login/")
    sign_in_by_hand(page, holder)
    expect(page.locator(".face-card")).to_be_visible()
    page.goto("/account/data/")
    assert any(word in page.content() for word in words)
    page.goto("/account/")
    press(page, "退出登录")
    expect(page.get_by_text("已退出登录。")).to_be_visible()
    asks = r"/accounts/login/\?next=/account/data/"
    for there in ("/account/$", asks, "/$"):
        back(page)
        expect(page).to_have_url(re.compile(there))
        assert not page.evaluate("window.wasKept")
        assert_shows_nothing_of(page, words)


def test_back_after_signing_out_in_another_tab_asks_to_sign_in(visitor, holder):
    card = make_card(holder=holder, at=ago(days=30))
    words = words_of(holder, card)
    page = visitor.new_page()
    page.goto("/accounts/login/")
    sign_in_by_hand(page, holder)
    expect(page.locator(".face-card")).to_be_visible()
    page.goto("/account/data/")
    page.goto(OPEN_TO_ALL)
    other = visitor.new_page()
    other.goto("/account/")
    press(other, "退出登录")
    expect(other.get_by_text("已退出登录。")).to_be_visible()
    back(page)
    assert_shows_nothing_of(page, words)
    expect(page.get_by_label("工号或手机号")).to_be_visible()


def test_this_browser_does_keep_pages_that_everybody_may_read(visitor, town):
    """Without it the tests above would show nothing."""
    assert Client().get(OPEN_TO_ALL).status_code == 200
    page = visitor.new_page()
    page.goto(OPEN_TO_ALL)
    page.evaluate("window.mark = 1")
    page.goto("/accounts/login/")
    back(page)
    assert page.evaluate("[window.mark, window.wasKept]") == [1, True]
