"""A supervisor edits the words of a message, and sees them change while typing."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from apps.desk import roles
from tests.chromium import DESKTOP, PHONE, assert_fits
from tests.factories.people import make_colleague, make_holder

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]


@pytest.mark.parametrize(("viewport", "theme"), [(PHONE, "dark"), (DESKTOP, "light")])
def test_words_are_previewed_while_typing_and_saved(signed_in, assert_accessible, viewport, theme):
    boss = make_holder(name="王主管", user=make_colleague(roles.SUPERVISOR))
    page = signed_in(boss, viewport=viewport)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.goto(reverse("admin:notices_messagewording_changelist"))
    assert_fits(page)
    assert_accessible(page)
    page.get_by_role("link", name="到期自动恢复").click()
    page.wait_for_load_state()  # the script that asks for the preview is there
    page.get_by_label("内容", exact=True).fill("{谁的}卡 {卡号} 恢复了{身份证}")
    preview = page.get_by_role("region", name="按示例发出的样子")
    expect(preview).to_contain_text("这条消息里没有「{身份证}」")
    page.get_by_label("内容", exact=True).fill("{谁的}卡 {卡号} 恢复了。")
    expect(preview).to_contain_text("【社保卡自助办理】您的卡 *****1058 恢复了。")
    page.get_by_role("button", name="保存为新的一版").click()
    expect(page.get_by_role("alert")).to_contain_text("请写明为什么修改。")
    assert_fits(page)
    assert_accessible(page)
    page.get_by_label("为什么改").fill("说得短一些")
    page.get_by_role("button", name="保存为新的一版").click()
    expect(page.get_by_text("已保存第 1 版")).to_be_visible()
    page.get_by_text("和上一版比").click()
    assert_fits(page)
    assert_accessible(page)
