"""社会保障卡申领 and 补换, from home until the money is paid."""

import re

from django.utils import timezone
from playwright.sync_api import expect

from apps.common.moments import day_of
from apps.people.consents import CARD_KINDS
from apps.people.services import record_consent
from tests.browser.steps import PICTURE, code_on_phone, heading
from tests.browser.taps import story
from tests.factories.cards import make_card
from tests.factories.formal_losses import confirm
from tests.factories.people import PASSWORD
from tests.journeys.steps import FORM, card_request_of, photo


def put_portrait(hand):
    """The chosen file goes up by itself; the crop is in the page."""
    hand.pick_file(re.compile("选择照片|换一张照片"), PICTURE | {"buffer": photo()})
    hand.tap("使用这张照片")
    expect(hand.page.get_by_text("换一张照片")).to_be_visible()
    expect(hand.page.get_by_role("button", name="使用这张照片")).to_have_count(0)


def prove_and_hand_in(hand):
    """The code was sent on arrival. The session is old: the password is asked for as well."""
    heading(hand.page, "核对信息")
    expect(hand.page.locator("#check")).to_contain_text("验证码已发到")
    hand.type("短信验证码", code_on_phone())
    hand.type("登录密码", PASSWORD)
    hand.tap("我已确认以上信息，并提交")
    heading(hand.page, "领卡和缴费")


def pay(hand):
    expect(hand.page.locator("#pay-button")).to_have_text("支付 12.00 元")
    hand.tap("支付 12.00 元")
    expect(hand.page.get_by_role("banner")).to_contain_text("模拟收银台")


@story(
    "apply",
    title="申领 up to payment",
    most_taps=12,
    most_fields=4,
    before="20 taps, 9 fields",
)
def apply(hand, holder):
    hand.tap("去申领")
    heading(hand.page, "社会保障卡申领")
    hand.tap("开始办理")
    for words in ("服务协议", "个人信息处理规则", "敏感个人信息", "向第三方提供"):
        hand.tick(words)
    hand.tap("同意并开始办理")
    heading(hand.page, "填写申领信息")
    put_portrait(hand)
    hand.type("证件有效期起", FORM["id_valid_from"])
    hand.type("证件有效期止", FORM["id_valid_until"])
    hand.tap("下一步：核对信息")
    prove_and_hand_in(hand)
    pay(hand)
    assert card_request_of(holder).awaits_payment


def in_use(holder):
    """A card in use, and the agreements that were given when it was applied for."""
    make_card(holder=holder)
    record_consent(
        user=holder.user, holder=holder, kinds=CARD_KINDS, ip="127.0.0.1", at=timezone.now()
    )


@story(
    "replace",
    title="补换 with formal loss, up to payment",
    most_taps=11,
    most_fields=4,
    before="19 taps",
    prepare=in_use,
)
def replace(hand, holder):
    page = hand.page
    to_replace = page.get_by_role("main").get_by_role("link", name=re.compile("补换"))
    hand.tap(to_replace)
    heading(page, "登记正式挂失")
    hand.type("什么时候丢的", f"{day_of(timezone.now()):%Y-%m-%d}")
    hand.type("在哪里丢的", "校园班车上")
    hand.tick("我声明以上情况属实")
    hand.tap("登记正式挂失")
    heading(page, "正式挂失")
    confirm(holder.cards.get().formal_losses.get(), at=timezone.now())
    page.goto("/")  # another day, from home again
    hand.tap(to_replace)
    heading(page, "社会保障卡补领、换领")
    hand.tap("下一步：填写资料")
    heading(page, "社会保障卡补领、换领")
    put_portrait(hand)
    hand.tap("下一步：核对信息")
    prove_and_hand_in(hand)
    pay(hand)
    assert card_request_of(holder).awaits_payment
