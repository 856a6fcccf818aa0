"""启用: a card that came by post becomes usable."""

from datetime import timedelta

from allauth.mfa.totp.internal.auth import TOTP
from django.utils import timezone
from playwright.sync_api import expect

from apps.cards.enums import RequestStatus
from tests.account.test_second_factor import code_of
from tests.browser.steps import code_on_phone
from tests.browser.taps import story
from tests.factories.cards import make_request
from tests.factories.people import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105


def sent(holder):
    make_request(RequestStatus.DISPATCHED, holder=holder, at=timezone.now() - timedelta(days=3))


def prove(hand):
    """By the code that came by itself, and the password: the session is older than ten minutes."""
    expect(hand.page.locator("#check")).to_contain_text("验证码已发到")
    hand.type("短信验证码", code_on_phone())
    hand.type("登录密码", PASSWORD)


@story(
    "activate",
    title="启用",
    most_taps=3,
    most_fields=2,
    before="6 taps, 2 fields",
    prepare=sent,
)
def activate(hand, holder):
    hand.tap(hand.page.locator('a[href^="/activate/"]').filter(visible=True))
    prove(hand)
    hand.tap("确认启用")
    expect(hand.page.get_by_role("heading", name="社保功能已启用")).to_be_visible()


def sent_to_somebody_with_an_app(holder):
    sent(holder)
    TOTP.activate(holder.user, SECRET)


@story(
    "activate_by_app",
    title="启用 with an authenticator",
    most_taps=3,
    most_fields=1,
    before="6 taps, 2 fields",
    prepare=sent_to_somebody_with_an_app,
)
def activate_by_app(hand, holder):
    hand.tap(hand.page.locator('a[href^="/activate/"]').filter(visible=True))
    expect(hand.page.locator("#check")).to_contain_text("验证码已发到")
    hand.tap("验证器")
    hand.type("两步验证码", code_of(SECRET))
    hand.tap("确认启用")
    expect(hand.page.get_by_role("heading", name="社保功能已启用")).to_be_visible()
