"""The check beside the confirmation, in Chromium: boxes, the wait, and what happens by itself."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from apps.cards.enums import CardStatus
from apps.cards.models import Card
from apps.notices.models import OutboxMessage
from tests.browser.steps import code_on_phone
from tests.chromium import PHONE
from tests.factories.cards import make_card
from tests.factories.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SENT = "验证码已发到"


@pytest.fixture
def card(holder, settings):
    settings.SMS_SENDER = "apps.notices.senders.outbox.OutboxSms"
    return make_card(CardStatus.SEALED, holder=holder, at=timezone.now() - timedelta(days=30))


@pytest.fixture
def page(signed_in, card):
    """The page on which the card is activated; a code was sent."""
    page = signed_in(card.holder, viewport=PHONE)
    page.goto(reverse("activation:start", args=[card.reference]))
    expect(page.locator("#check")).to_contain_text(SENT)
    return page


def codes_sent():
    return OutboxMessage.objects.count()


def status(card):
    return Card.objects.get(pk=card.pk).status


def boxes(page):
    return [box.inner_text() for box in page.locator(".code-cells i").all()]


@pytest.mark.slow
def test_one_code_is_sent_on_arrival_and_none_by_a_reload_or_by_back(page):
    assert codes_sent() == 1
    page.reload()
    expect(page.locator("#check")).to_contain_text(SENT)
    page.goto("/")
    page.go_back()
    expect(page.locator("#check")).to_contain_text(SENT)
    assert codes_sent() == 1


@pytest.mark.slow
def test_the_next_code_is_offered_when_the_wait_is_over(page, settings):
    expect(page.get_by_role("button", name="秒后可以重发")).to_be_disabled()
    settings.CODE_WAIT = timedelta(seconds=2)
    page.reload()
    expect(page.get_by_role("button", name="重新获取验证码")).to_be_enabled()
    page.get_by_role("button", name="重新获取验证码").click()
    expect(page.get_by_role("button", name="秒后可以重发")).to_be_disabled()
    assert codes_sent() == 2


def test_a_pasted_code_fills_the_boxes_and_the_last_field_confirms(page, card):
    code = code_on_phone()
    page.get_by_label("短信验证码").fill(f" {code[:3]} {code[3:]}")
    assert boxes(page) == list(code)
    # The password is missing: the focus goes there, and nothing is sent yet.
    expect(page.get_by_label("登录密码")).to_be_focused()
    assert status(card) == CardStatus.SEALED
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="社保功能已启用")).to_be_visible()
    assert status(card) == CardStatus.ACTIVE


def test_a_wrong_code_stands_in_the_boxes_with_its_reason_and_can_be_mended(page, card):
    code = code_on_phone()
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    page.get_by_label("登录密码").fill(PASSWORD)
    page.get_by_label("短信验证码").press_sequentially(wrong)
    expect(page.get_by_text("还可以再试 4 次")).to_be_visible()
    assert boxes(page) == list(wrong)
    described = page.get_by_label("短信验证码").get_attribute("aria-describedby")
    assert page.locator(f"#{described.split()[-1]}").inner_text()
    page.get_by_label("登录密码").fill(PASSWORD)
    page.get_by_label("短信验证码").fill(code)
    expect(page.get_by_role("heading", name="社保功能已启用")).to_be_visible()


def test_a_reader_hears_that_the_code_was_sent(page):
    expect(page.locator("body > [role=status]")).to_contain_text(SENT)


def test_enter_confirms_and_does_not_send_another_code(page, card):
    page.get_by_label("登录密码").press("Enter")
    expect(page.get_by_text("请填写短信里的 6 位验证码")).to_be_visible()
    assert codes_sent() == 1


@pytest.fixture
def slow_answer(signed_in, card):
    """The page before the answer to its request for a code has come; `.answer()` lets it come."""
    TOTP.activate(card.holder.user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    page = signed_in(card.holder, viewport=PHONE)
    held = []

    def hold(route):
        is_asking = route.request.method == "POST" and not held
        held.append(route) if is_asking else route.continue_()

    page.route("**/activate/**", hold)
    with page.expect_request(lambda request: request.method == "POST"):
        page.goto(reverse("activation:start", args=[card.reference]))
    page.answer = lambda: held[0].continue_()
    return page


def test_a_late_answer_leaves_the_way_that_is_being_tapped(slow_answer):
    page = slow_answer
    page.get_by_role("link", name="验证器").hover()
    page.mouse.down()
    page.answer()
    expect(page.locator("#check")).to_contain_text(SENT)
    page.mouse.up()
    expect(page.get_by_label("两步验证码")).to_be_visible()


def test_a_late_answer_leaves_what_is_being_typed(slow_answer):
    page = slow_answer
    page.get_by_label("登录密码").press_sequentially("demo")
    page.answer()
    expect(page.locator("#check")).to_contain_text(SENT)
    expect(page.get_by_label("登录密码")).to_be_focused()
    page.keyboard.type("-2026")
    expect(page.get_by_label("登录密码")).to_have_value("demo-2026")
    expect(page.get_by_role("button", name="秒后可以重发")).to_be_disabled()
