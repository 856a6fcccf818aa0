"""长辈版 from the switch on the sign-in page to the end of each of the five matters.

On a phone and on a desktop, by day and by night. Every page on the way is measured as in
`test_elder`; nothing pops up on any of them.
"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.cards.enums import CardStatus, RequestStatus
from apps.common.moments import day_of
from apps.people.enums import Edition
from tests.browser.steps import PICTURE, heading, press, prove_by_code, sign_in_by_hand
from tests.browser.stories.application import in_use
from tests.browser.test_elder import assert_fit_for_the_old
from tests.browser.test_every_screen import SCREEN_NAMES, SCREENS
from tests.chromium import PHONE
from tests.factories.cards import make_card, make_request
from tests.factories.formal_losses import confirm
from tests.factories.moments import ago
from tests.journeys.steps import FORM, card_request_of, money_is_reported, photo

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("one_address"),
]


@pytest.fixture(params=[(PHONE, "light"), *SCREENS], ids=["phone-light", *SCREEN_NAMES])
def at_home(request, open_page, holder, proposals):
    """`at_home()`: the page of somebody who chose 长辈版 and signed in."""
    viewport, theme = request.param

    def at_home():
        page = open_page(viewport=viewport)
        page.emulate_media(color_scheme=theme)
        page.goto("/accounts/login/")
        press(page, "长辈版")
        expect(page.locator("html.elder")).to_have_count(1)
        sign_in_by_hand(page, holder)
        heading(page, "社保卡")
        holder.user.refresh_from_db()
        assert holder.user.edition == Edition.ELDER
        assert_fit_for_the_old(page)
        return page

    return at_home


def at(page, words):
    """The page with this heading is there, and fit for the old."""
    heading(page, words)
    assert_fit_for_the_old(page)


def tap(page, words):
    """A link or a button of the page itself that begins with these words."""
    words = re.compile(rf"^{re.escape(words)}")
    main = page.get_by_role("main")
    main.get_by_role("button", name=words).or_(main.get_by_role("link", name=words)).first.click()


def put_portrait(page):
    page.get_by_label(re.compile("选择照片|换一张照片")).set_input_files(
        PICTURE | {"buffer": photo()}
    )
    expect(page.get_by_role("button", name="使用这张照片")).to_be_focused()
    assert_fit_for_the_old(page)
    press(page, "使用这张照片")
    expect(page.get_by_role("button", name="使用这张照片")).to_have_count(0)


def hand_in_and_pay(page, holder):
    press(page, "下一步：核对信息")
    at(page, "核对信息")
    prove_by_code(page, "我已确认以上信息，并提交")
    at(page, "领卡和缴费")
    press(page, "支付 12.00 元")
    press(page, "支付成功")
    heading(page, "支付结果")
    money_is_reported()
    expect(page.get_by_role("heading", name="支付成功")).to_be_visible()
    assert_fit_for_the_old(page)
    assert card_request_of(holder).status == RequestStatus.PAID


def agree(page):
    at(page, "阅读并同意")
    boxes = page.get_by_role("checkbox")
    expect(boxes).to_have_count(4)
    for box in boxes.all():
        box.check()
    press(page, "同意并开始办理")


def test_a_card_is_applied_for_with_consents_photo_and_payment(at_home, holder):
    page = at_home()
    tap(page, "去申领")
    at(page, "社会保障卡申领")
    press(page, "开始办理")
    agree(page)
    at(page, "填写申领信息")
    put_portrait(page)
    page.get_by_label("证件有效期起").fill(FORM["id_valid_from"])
    page.get_by_label("证件有效期止").fill(FORM["id_valid_until"])
    hand_in_and_pay(page, holder)


def test_a_card_is_activated(at_home, holder):
    make_request(RequestStatus.DISPATCHED, holder=holder, at=ago(days=3))
    page = at_home()
    tap(page, "确认领卡")
    expect(page.locator("html.elder")).to_have_count(1)
    page.wait_for_timeout(1000)
    assert_fit_for_the_old(page)
    page.locator('main a.btn[href^="/activate/"]').click()
    heading(page, "启用社保卡")
    prove_by_code(page, "确认启用")
    expect(page.get_by_role("heading", name="社保功能已启用")).to_be_visible()
    assert_fit_for_the_old(page)
    assert holder.cards.get().status == CardStatus.ACTIVE


def test_a_lost_card_is_replaced(at_home, holder):
    in_use(holder)
    page = at_home()
    tap(page, "卡坏了，换新卡")
    at(page, "登记正式挂失")
    page.get_by_label("什么时候丢的").fill(f"{day_of(timezone.now()):%Y-%m-%d}")
    page.get_by_label("在哪里丢的").fill("校园班车上")
    page.get_by_label("我声明以上情况属实").check()
    press(page, "登记正式挂失")
    at(page, "正式挂失")
    confirm(holder.cards.get().formal_losses.get(), at=timezone.now())
    page.goto("/")
    tap(page, "补换新卡")
    at(page, "社会保障卡补领、换领")
    press(page, "下一步：填写资料")
    heading(page, "社会保障卡补领、换领")
    put_portrait(page)
    hand_in_and_pay(page, holder)


def test_a_card_is_lost_and_found(at_home, holder):
    card = make_card(holder=holder, at=ago(days=30))
    page = at_home()
    tap(page, "找不到卡")
    at(page, "临时挂失")
    press(page, "确认临时挂失")
    expect(page.get_by_role("timer")).to_contain_text("天")
    assert_fit_for_the_old(page)
    page.goto("/")
    assert_fit_for_the_old(page)
    tap(page, "卡找到了，解除挂失")
    expect(page.locator("#check")).to_contain_text("验证码已发到")
    assert_fit_for_the_old(page)
    prove_by_code(page, "确认解除挂失")
    expect(page.get_by_text("已解除挂失，卡恢复正常，现在就能用。")).to_be_visible()
    assert_fit_for_the_old(page)
    card.refresh_from_db()
    assert card.status == CardStatus.ACTIVE


def test_how_far_the_card_is(at_home, holder):
    make_request(RequestStatus.APPROVED, holder=holder, at=timezone.now() - timedelta(days=1))
    page = at_home()
    page.locator('main a.btn[href^="/progress/"]').first.click()
    at(page, "社会保障卡制卡进度查询")
    expect(page.get_by_text("审核通过").first).to_be_visible()
