"""A passkey in a real browser, with an authenticator of Chromium's own."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from playwright.sync_api import expect

from tests.factories.people import PASSWORD, make_holder

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(open_page):
    """A browser with an authenticator, as a phone with a fingerprint has it."""
    page = open_page()
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield page
    session.send("WebAuthn.disable")


def sign_in(page, user):
    page.goto(reverse("account_login"))
    page.get_by_label("工号或手机号").fill(user.employee_number)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()


def open_form(page):
    page.goto(reverse("mfa_add_webauthn"))
    if page.get_by_label("密码", exact=True).is_visible():
        page.get_by_label("密码", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="确认").click()


@pytest.mark.slow
def test_a_passkey_is_added_once_and_signs_in_after_the_password(page, live_server):
    holder = make_holder()
    sign_in(page, holder.user)
    expect(page).to_have_url(live_server.url + reverse("home:home"))
    open_form(page)
    page.get_by_label("给它起个名字").fill("办公室电脑")
    page.get_by_role("button", name="添加", exact=True).click()
    expect(page.get_by_role("heading", name="请抄下来或打印")).to_be_visible()
    passkey = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN)
    assert passkey.wrap().name == "办公室电脑"

    open_form(page)
    page.get_by_role("button", name="添加", exact=True).click()
    expect(page.get_by_text("这台设备已经添加过了")).to_be_visible()

    page.context.clear_cookies()
    sign_in(page, holder.user)
    page.get_by_role("button", name="用通行密钥验证").click()
    expect(page).to_have_url(live_server.url + reverse("home:home"))

    page.context.clear_cookies()
    page.goto(reverse("account_unlock"))
    page.get_by_label("工号或手机号").fill(holder.user.employee_number)
    page.get_by_role("button", name="改用通行密钥").click()
    page.get_by_role("button", name="用通行密钥验证").click()
    expect(page.get_by_text("可以继续登录了，请输入密码。")).to_be_visible()
