"""The table on a phone: the rear camera reads the code that the other phone shows."""

from io import BytesIO

import pytest
import segno
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from apps.desk import roles
from apps.handout import codes
from apps.handout.enums import BoxCardStatus
from apps.handout.models import BoxCard
from tests.browser.camera import launch_with, write_y4m
from tests.factories.boxes import make_waiting
from tests.factories.people import make_colleague, make_holder
from tests.factories.regions import let_the_unit_collect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}


def seen_by_the_camera(text):
    """A picture of 640 × 480 with the QR code of `text` in the middle."""
    found = BytesIO()
    segno.make(text, error="m", micro=False).save(found, kind="png", scale=6, border=4)
    code = Image.open(found).convert("RGB")
    picture = Image.new("RGB", (640, 480), "#888888")
    code.thumbnail((440, 440))
    picture.paste(code, ((640 - code.width) // 2, (480 - code.height) // 2))
    return picture


def test_the_camera_reads_the_code_and_the_card_is_handed_out(
    chromium, live_server, tmp_path, client
):
    let_the_unit_collect()
    at, handler = timezone.now(), make_colleague(roles.HANDER)
    row = make_waiting(handler, at=at, holder=make_holder(name="韩丑", department="化学学院"))
    film = tmp_path / "camera.y4m"
    write_y4m(film, seen_by_the_camera(codes.draw(row, row.holder, at=at)))
    browser = launch_with(chromium, film)
    try:
        context = browser.new_context(base_url=live_server.url, viewport=PHONE, locale="zh-CN")
        signed_in = Client()
        signed_in.force_login(handler)
        cookie = signed_in.cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        page = context.new_page()
        page.goto(reverse("admin:handout_boxcard_changelist"))
        page.get_by_role("button", name="用摄像头扫").click()
        expect(page.get_by_text("已交本人")).to_be_visible()
        assert BoxCard.objects.get(pk=row.pk).status == BoxCardStatus.HANDED_OUT
        page.get_by_role("button", name="交错了，收回").click()
        expect(page.get_by_text("已收回")).to_be_visible()
        assert BoxCard.objects.get(pk=row.pk).status == BoxCardStatus.IN_BOX
        # The same code once more, for whom it was taken back.
        page.get_by_role("button", name="用摄像头扫").click()
        expect(page.get_by_text("已交本人")).to_be_visible()
    finally:
        browser.close()


def test_a_reader_goes_on_after_a_scan_that_was_refused(signed_in, client):
    """A reader types like a keyboard, wherever the cursor is."""
    page = signed_in(make_holder(user=make_colleague(roles.HANDER)))
    page.goto(reverse("admin:handout_boxcard_changelist"))
    for typed in ("D-NOBODY", "D-NOBODY-2"):
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
        expect(page.get_by_text("没有这个工号或姓名的卡")).to_be_visible()
        expect(page.locator("[data-scan-field]")).to_have_value(typed)
