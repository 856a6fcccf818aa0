"""The frame of every page: small and large screens, large type, no script, and axe."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from apps.cards.enums import RequestStatus
from apps.common.moments import day_of
from apps.people.enums import ConsentKind
from apps.people.services import record_consent
from tests.chromium import DESKTOP, PHONE, assert_fits
from tests.factories.cards import make_card, make_request
from tests.factories.people import make_holder, make_ward
from tests.factories.regions import make_city
from tests.sampling import some

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


@pytest.mark.parametrize(
    "viewport",
    [pytest.param(PHONE, id="phone"), pytest.param(DESKTOP, id="desktop", marks=pytest.mark.slow)],
)
@pytest.mark.parametrize("path", some(OPEN_PAGES, "/", "/accounts/login/"))
def test_open_pages_are_accessible(open_page, assert_accessible, path, viewport):
    page = open_page(viewport=viewport)
    page.goto(path)
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_one_s_own_first_page_is_accessible(signed_in, holder, assert_accessible, viewport):
    page = signed_in(holder, viewport=viewport)
    page.goto("/")
    expect(page.get_by_role("heading", name="还有 1 件等您办")).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize("path", some(OPEN_PAGES, "/"))
def test_the_narrowest_phone_needs_no_sideways_scrolling(open_page, path):
    page = open_page(viewport=NARROW)
    page.goto(path)
    assert_fits(page)


@pytest.mark.parametrize("path", some(OPEN_PAGES, "/"))
def test_type_of_twice_the_size_fits(open_page, path):
    page = open_page(viewport=PHONE)
    page.goto(path)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert_fits(page)


def test_the_larger_edition_and_the_tab_bar_work_without_javascript(open_page):
    page = open_page(viewport=PHONE, java_script_enabled=False)
    page.goto("/replace/")
    page.get_by_role("button", name="长辈版").click()
    expect(page.locator("html.elder")).to_have_count(1)
    expect(page).to_have_url("/replace/")
    page.get_by_role("button", name="普通版").click()
    expect(page.locator("html.elder")).to_have_count(0)
    page.goto("/")
    tabs = page.get_by_role("navigation", name="主导航")
    expect(tabs.get_by_role("link")).to_have_text(["首页", "办事", "进度", "我的"])
    tabs.get_by_role("link", name="办事").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("办事")
    expect(tabs.get_by_role("link", name="办事")).to_have_attribute("aria-current", "page")


def test_escape_closes_the_menu_and_keeps_the_place(signed_in, holder):
    page = signed_in(holder, viewport=DESKTOP)
    page.goto("/replace/")
    summary = page.locator("summary", has_text="我的")
    summary.click()
    page.get_by_role("button", name="退出登录").focus()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="退出登录")).to_be_hidden()
    expect(summary).to_be_focused()


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_an_answer_stands_under_the_title_and_takes_the_focus(signed_in, holder, viewport):
    page = signed_in(holder, viewport=viewport)
    page.goto(reverse("account:agreements"))
    record_consent(
        user=holder.user, holder=holder, kinds=[ConsentKind.SERVICE], ip=None, at=timezone.now()
    )
    page.reload()
    page.get_by_role("button", name="撤回同意").click()
    answer = page.get_by_role("status").filter(has_text="已撤回对《服务协议》的同意")
    expect(answer).to_be_focused()
    expect(answer).to_be_in_viewport()
    title, box = page.locator("h1").bounding_box(), answer.bounding_box()
    assert title["y"] + title["height"] <= box["y"]
    below = page.locator(".card").first.bounding_box()
    assert box["y"] + box["height"] <= below["y"]


def test_what_htmx_could_not_do_is_said_where_it_was_asked(town, open_page, console_errors):
    make_city("440100", "广州市", province_name="广东省")
    page = open_page(viewport=PHONE)
    page.goto("/areas/")
    page.route("**/areas/?*", lambda route: route.abort())
    page.get_by_label("省份").select_option(index=1)
    note = page.get_by_role("alert")
    expect(note).to_have_text("网络不通，请检查网络后再试。")
    assert note.evaluate("(one) => Boolean(one.closest('form'))")
    expect(note).to_be_in_viewport()
    page.unroute("**/areas/?*")
    page.get_by_label("省份").select_option(index=2)
    expect(note).to_have_count(0)
    console_errors.clear()


def test_the_system_s_own_colours_keep_the_frame(open_page):
    """High contrast of Windows: what is told by a background is told by a border too."""
    page = open_page(viewport=PHONE)
    page.emulate_media(forced_colors="active")
    page.goto("/apply/")
    for part in (".btn", ".card"):
        width = page.locator(part).first.evaluate("(one) => getComputedStyle(one).borderTopWidth")
        assert width == "1px", part
    steps = page.locator(".steps li")
    edges = {steps.nth(n).evaluate("(one) => getComputedStyle(one).borderTopColor") for n in (0, 3)}
    assert len(edges) == 2


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_first_thing_painted_has_the_chosen_colours(open_page, theme):
    page = open_page(viewport=PHONE, java_script_enabled=False)
    page.goto("/account/look/")
    page.get_by_role("button", name={"light": "浅色", "dark": "深色"}[theme]).click()
    for system in ("light", "dark"):
        page.emulate_media(color_scheme=system)
        page.goto("/loss/")
        ground = page.locator("body").evaluate("(one) => getComputedStyle(one).backgroundColor")
        assert ground == {"light": "rgb(242, 244, 248)", "dark": "rgb(12, 17, 24)"}[theme]


def test_the_action_is_in_view_at_the_foot_of_any_screen(signed_in, holder):
    page = signed_in(holder, viewport=PHONE)
    for viewport in (PHONE, {"width": 768, "height": 1024}, DESKTOP):
        page.set_viewport_size(viewport)
        page.goto(reverse("account_change_password"))
        expect(page.get_by_role("button", name="修改密码", exact=True)).to_be_in_viewport(ratio=1)
        bar = page.locator(".foot").bounding_box()
        assert (bar["x"], bar["width"]) == (0, viewport["width"])
        assert abs(bar["y"] + bar["height"] - viewport["height"]) < 1


def test_the_header_goes_to_both_edges_and_its_content_to_1120(open_page):
    page = open_page(viewport={"width": 768, "height": 1024})
    page.goto("/apply/")
    assert page.locator(".site").bounding_box()["width"] == 768
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/areas/")
    brand, side = (page.locator(one).bounding_box() for one in (".site .brand", ".side"))
    assert (brand["x"], side["x"] + side["width"]) == (80, 1200)


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
    expect(page.locator(".face.is-printing").get_by_text("轮到您")).to_be_visible()
