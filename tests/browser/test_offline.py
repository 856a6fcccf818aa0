"""Without a network, and installed: what a phone shows and keeps."""

import json

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from apps.common.management.commands.draw_icons import icons
from tests.browser.steps import heading
from tests.chromium import PHONE
from tests.factories.people import PASSWORD, make_holder

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CACHED = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) found.push(new URL(request.url).pathname);
  }
  return found.sort();
}"""


@pytest.fixture
def page(open_page, console_errors):
    """A phone on which the service worker has started; errors of a missing network are expected."""
    page = open_page(is_own=True, viewport=PHONE, service_workers="allow")
    page.goto("/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    yield page
    console_errors[:] = [one for one in console_errors if "ERR_INTERNET_DISCONNECTED" not in one]


def test_any_page_is_replaced_by_one_that_says_what_still_holds(page, assert_accessible):
    page.context.set_offline(True)
    page.goto("/loss/")
    heading(page, "没有网络")
    expect(page.get_by_text("到期自动恢复")).to_be_visible()
    assert_accessible(page)
    assert page.evaluate("getComputedStyle(document.querySelector('.btn')).minHeight") == "52px"
    page.context.set_offline(False)
    page.get_by_role("link", name="再试一次").click()
    heading(page, "社保卡自助办理")


@pytest.mark.slow
def test_nothing_of_a_person_is_kept(page):
    holder = make_holder()
    page.goto(reverse("account_login"))
    page.get_by_label("工号或手机号").fill(holder.user.employee_number)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.goto(reverse("account:mine"))
    expect(page.get_by_role("button", name="退出登录")).to_be_visible()
    kept = page.evaluate(CACHED)
    assert "/offline/" in kept
    assert [path for path in kept if not path.startswith(("/static/", "/offline/"))] == []
    assert holder.user.employee_number not in page.evaluate(
        "caches.match('/offline/').then((answer) => answer.text())"
    )


@pytest.mark.parametrize("is_told", [True, False], ids=["known", "found out"])
def test_a_form_that_cannot_be_sent_stays_and_says_so(page, is_told):
    page.goto(reverse("account_login"))
    page.get_by_label("工号或手机号").fill("T1234567")
    page.get_by_label("密码").fill("not sent")
    if is_told:
        page.context.set_offline(True)
    else:  # the device believes in a network that is none
        page.context.set_offline(True)
        page.evaluate("Object.defineProperty(navigator, 'onLine', { get: () => true })")
    button = page.get_by_role("button", name="登录", exact=True)
    button.click()
    expect(page.get_by_role("alert")).to_contain_text("填的内容还在这一页")
    expect(page.get_by_label("工号或手机号")).to_have_value("T1234567")
    expect(button).to_be_enabled()


def test_it_can_be_installed(open_page):
    page = open_page(viewport=PHONE)
    page.goto("/")
    manifest = json.loads(page.request.get("/static/app.webmanifest").text())
    assert {"name", "short_name", "start_url", "display", "theme_color"} <= manifest.keys()
    for icon in manifest["icons"]:
        with Image.open(finders.find(icon["src"])) as picture:
            assert icon["sizes"] == "{}x{}".format(*picture.size)
    assert {icon.get("purpose", "any") for icon in manifest["icons"]} == {"any", "maskable"}
    assert page.locator("link[rel=manifest]").get_attribute("href") == "/static/app.webmanifest"
    assert page.locator("link[rel=apple-touch-icon]").count() == 1
    assert page.locator("meta[name=description]").get_attribute("content")


def test_the_icons_are_as_the_command_draws_them():
    for name, picture in icons().items():
        with Image.open(finders.find(f"img/{name}")) as kept:
            assert kept.size == picture.size
            middle = (picture.width // 2, picture.height // 12)
            drawn = picture.convert("RGBA").getpixel(middle)[:3]
            found = kept.convert("RGBA").getpixel(middle)[:3]
            assert max(abs(a - b) for a, b in zip(drawn, found, strict=True)) < 8, name
