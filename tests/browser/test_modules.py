"""The scripts, on the pages that use them."""

import re
import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from apps.application import portraits
from apps.requests.models import Particulars
from tests.application.checks import verify
from tests.application.pictures import portrait_picture, upload
from tests.chromium import PHONE
from tests.factories.cards import make_draft

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def draft():
    draft = make_draft(complete=False)
    verify(draft)
    return draft


@pytest.fixture
def page(signed_in, draft):
    return signed_in(draft.holder, viewport=PHONE)


@pytest.fixture
def crop_page(page, draft):
    """The portrait page with a picture of 1200 × 1600 pixels and the proposed crop."""
    portraits.keep_upload(
        card_request=draft,
        upload=upload(portrait_picture(size=(1200, 1600))),
        by=draft.applicant,
        at=timezone.now(),
    )
    page.goto(reverse("application:portrait", args=[draft.reference]))
    expect(page.get_by_role("group", name="裁剪框")).to_be_visible()
    return page


def number(page, name):
    return int(page.locator(f"#crop [name={name}]").input_value())


@pytest.mark.smoke
def test_what_is_typed_is_saved_and_the_page_says_so(page, draft):
    page.goto(reverse("application:form", args=[draft.reference]))
    with page.expect_response("**/autosave/"):
        page.get_by_label("手机号").fill("138001")
        expect(page.locator("[data-autosave-status]")).to_have_text("正在保存…")
    expect(page.locator("[data-autosave-status]")).to_have_text(re.compile(r"\d\d:\d\d 已保存"))
    page.reload()
    expect(page.get_by_label("手机号")).to_have_value("138001")


def test_leaving_at_once_loses_nothing(page, draft):
    page.goto(reverse("application:form", args=[draft.reference]))
    page.get_by_label("手机号").fill("138002")
    page.goto("/")
    # The request goes on after its page is closed. No event tells its end, so read the row.
    deadline = time.monotonic() + 10
    while "138002" not in Particulars.objects.get(card_request=draft).typed:
        assert time.monotonic() < deadline, "what was typed last never arrived"
        time.sleep(0.05)


def test_a_lost_connection_is_told_and_made_good(page, draft, console_errors):
    page.goto(reverse("application:form", args=[draft.reference]))
    page.route("**/autosave/", lambda route: route.abort())
    page.get_by_label("手机号").fill("138003")
    status = page.locator("[data-autosave-status]")
    expect(status).to_contain_text("未保存：网络不通")
    page.unroute("**/autosave/")
    expect(status).to_contain_text("已保存")
    console_errors.clear()  # the request that was broken off


def test_the_error_summary_is_read_first_and_leads_to_the_field(page, draft):
    page.goto(reverse("application:form", args=[draft.reference]))
    page.get_by_label("手机号").fill("138")
    page.get_by_role("button", name="下一步：核对信息").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="手机号：").click()
    expect(page.get_by_label("手机号")).to_be_focused()


def test_a_double_click_sends_a_form_once(open_page):
    page = open_page(viewport=PHONE)
    page.goto("/accounts/login/")
    posts = []
    page.on("request", lambda request: request.method == "POST" and posts.append(request.url))
    page.get_by_label("工号或手机号").fill("T1")
    page.get_by_label("密码").fill("secret")
    page.get_by_role("main").get_by_role("button", name="登录").dblclick()
    expect(page.get_by_role("alert")).to_be_visible()
    assert len(posts) == 1
    expect(page.get_by_role("main").get_by_role("button", name="登录")).to_be_enabled()


@pytest.mark.slow
def test_the_frame_takes_the_place_of_the_numbers_and_moves_by_keys(crop_page):
    expect(crop_page.locator("#crop [name=x]")).to_be_hidden()
    frame = crop_page.get_by_role("group", name="裁剪框")
    frame.press("-")
    frame.press("-")
    x, y, width = (number(crop_page, name) for name in ("x", "y", "width"))
    frame.press("ArrowRight")
    frame.press("ArrowUp")
    assert (number(crop_page, "x") > x, number(crop_page, "y") < y) == (True, True)
    frame.press("-")
    assert number(crop_page, "width") < width


@pytest.mark.slow
def test_the_frame_never_leaves_the_picture(crop_page):
    frame = crop_page.get_by_role("group", name="裁剪框")
    for key in ["-"] * 5 + ["Shift+ArrowRight", "Shift+ArrowDown"] * 25:
        frame.press(key)
    x, y, width = (number(crop_page, name) for name in ("x", "y", "width"))
    assert x + width == pytest.approx(1200, abs=1)
    assert x + width <= 1200
    assert y + round(width * 441 / 358) == pytest.approx(1600, abs=1)
    assert y + round(width * 441 / 358) <= 1600


def test_the_frame_follows_the_pointer(crop_page):
    frame = crop_page.get_by_role("group", name="裁剪框")
    for _ in range(6):
        frame.press("-")
    before = number(crop_page, "x")
    box = frame.bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    crop_page.mouse.move(*middle)
    crop_page.mouse.down()
    crop_page.mouse.move(middle[0] - 15, middle[1])
    crop_page.mouse.up()
    scale = 1200 / crop_page.locator("#crop img").bounding_box()["width"]
    assert before - number(crop_page, "x") == pytest.approx(min(15 * scale, before), abs=3)


@pytest.fixture
def countdown(open_page, live_server):
    """`countdown(left)`: the text of a countdown, on a device whose clock is three days fast."""

    def countdown(left):
        page = open_page(is_own=True)
        page.add_init_script("{ const now = Date.now; Date.now = () => now() + 3 * 86400000; }")
        now = timezone.now()
        html = (
            '<!doctype html><meta charset="utf-8"><title>.</title>'
            '<link rel="icon" href="/static/img/logo.svg">'
            f'<b data-countdown="{(now + left).isoformat()}"'
            f' data-countdown-now="{now.isoformat()}">7天</b>'
            '<script type="module" src="/static/js/countdown.js"></script>'
        )
        page.route("**/countdown", lambda route: route.fulfill(body=html, content_type="text/html"))
        page.goto("/countdown")
        return page.locator("b")

    return countdown


@pytest.mark.parametrize(
    ("left", "text"),
    [
        (timedelta(days=6, hours=4, minutes=12, seconds=30), "6天4小时"),
        (timedelta(hours=4, minutes=12, seconds=30), "4小时"),
        (timedelta(minutes=12, seconds=30), "12分钟"),
    ],
)
def test_the_countdown_goes_by_the_server_s_clock(countdown, left, text):
    shown = countdown(left)
    # The script was there: it stands in the page as 7天.
    expect(shown).to_have_text(text)


@pytest.mark.slow
def test_two_minutes_before_the_session_ends_the_page_says_so(signed_in, draft, settings):
    settings.SESSION_COOKIE_AGE = 100
    page = signed_in(draft.holder, viewport=PHONE)
    page.goto(reverse("account:mine"))
    expect(page.get_by_text("两分钟内会退出")).to_be_in_viewport()


@pytest.fixture
def left_open(signed_in, draft, settings):
    """A page that warns at once, because nobody has used the session for long."""
    settings.PORTAL_IDLE = timedelta(seconds=100)
    page = signed_in(draft.holder, viewport=PHONE)
    page.goto(reverse("children:register"))
    return page


def seen_again(page):
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


@pytest.mark.slow
def test_two_minutes_before_a_rest_ends_the_session_the_page_says_so_and_a_button_goes_on(
    left_open, settings
):
    expect(left_open.get_by_text("您有一段时间没有操作")).to_be_in_viewport()
    settings.PORTAL_IDLE = timedelta(minutes=10)
    left_open.get_by_role("button", name="继续办理").click()
    expect(left_open.get_by_text("您有一段时间没有操作")).to_be_hidden()


@pytest.mark.slow
def test_what_was_shown_goes_once_the_session_has_ended_elsewhere(left_open, console_errors):
    Session.objects.all().delete()
    seen_again(left_open)
    expect(left_open).to_have_url(re.compile("/accounts/login/.*why=ended"))
    console_errors.clear()  # the browser counts the answer that nobody is signed in as one


@pytest.mark.slow
def test_what_was_typed_stays(left_open, console_errors):
    left_open.locator("[name=name]").fill("周乐")
    Session.objects.all().delete()
    seen_again(left_open)
    expect(left_open.get_by_text("已自动退出登录。照常提交")).to_be_visible()
    expect(left_open.locator("[name=name]")).to_have_value("周乐")
    console_errors.clear()
