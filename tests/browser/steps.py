"""What a person does on any page of a story."""

import re

from playwright.sync_api import expect

from apps.notices.models import OutboxMessage
from tests.factories.people import PASSWORD

PICTURE = {"name": "me.jpg", "mimeType": "image/jpeg"}


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def follow(page, name):
    page.get_by_role("link", name=name).first.click()


def heading(page, words):
    """The page with this heading is there, and its scripts have run."""
    expect(page.get_by_role("heading", level=1)).to_have_text(words)
    page.wait_for_load_state()


def sign_in_by_hand(page, holder):
    page.get_by_label("工号或手机号").fill(holder.user.employee_number)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    press(page, "登录")


def code_on_phone():
    return re.search(r"\d{6}", OutboxMessage.objects.latest("pk").text)[0]


def prove_by_code(page, confirm, *, script=True):
    """Type in the code that was sent. With scripts it comes by itself, and its last digit confirms.

    The password is asked for unless the page was reached by signing in with it.
    """
    if not script:
        press(page, "获取验证码")
    expect(page.locator("#check")).to_contain_text("验证码已发到")
    password = page.get_by_label("登录密码")
    if password.count():
        password.fill(PASSWORD)
    page.get_by_label("短信验证码").fill(code_on_phone())
    if not script:
        press(page, confirm)
