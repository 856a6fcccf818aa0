"""Handing out cards in a hall, as one story on two phones: the table's, and those of the people."""

import io
import re
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from apps.cards.enums import CardStatus
from apps.common.moments import day_of
from apps.desk import roles
from apps.handout.departments import follow_roster
from apps.handout.enums import BoxCardStatus, HandedWay
from apps.handout.models import BoxCard
from apps.handout.packing import pack_sent
from apps.handout.tasks import advance_boxes
from apps.notices.tasks import send_notices
from tests.chromium import PHONE, assert_fits
from tests.factories.boxes import make_sent_to_unit
from tests.factories.cards import make_card
from tests.factories.people import make_colleague, make_holder
from tests.factories.regions import let_the_unit_collect
from tests.verification.samples import PERSON, encoded, person

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

TABLE = reverse("admin:handout_boxcard_changelist")
BOXES = reverse("admin:handout_box_changelist")
DAYS = reverse("admin:handout_handoutday_changelist")


def chemist(name):
    photo = ContentFile(encoded(person(PERSON, size=(480, 600))), name="roster.jpg")
    return make_holder(name=name, department="化学学院", reference_photo=photo)


class Hall:
    """The people, their cards, and the phones."""

    def __init__(self, signed_in, before_the_camera, live_server, assert_accessible):
        self._signed_in = signed_in
        self._before_the_camera = before_the_camera
        self._address = live_server.url
        self._assert_accessible = assert_accessible
        self.handler = make_holder(name="吴经办", user=make_colleague(roles.HANDER))
        self.own, self.other, self.absent, self.missing = map(
            chemist, ("韩甲", "李乙", "王丙", "赵丁")
        )
        self.colleague = chemist("钱己")
        sent = timezone.now() - timedelta(days=4)
        self.requests = {
            holder: make_sent_to_unit(holder=holder, at=sent)
            for holder in (self.own, self.other, self.absent, self.missing)
        }
        self.stray = make_card(CardStatus.SEALED, holder=make_holder(name="孙戊"), at=sent)

    def desk(self):
        return self._signed_in(self.handler, viewport=PHONE)

    def desk_seeing(self, picture):
        """The table's phone, whose camera sees `picture`."""
        page = self._before_the_camera(picture)
        client = Client()
        client.force_login(self.handler.user)
        cookie = client.cookies[django_settings.SESSION_COOKIE_NAME]
        page.context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": self._address}]
        )
        return page

    def phone_of(self, holder):
        return self._signed_in(holder, viewport=PHONE, device_scale_factor=2)

    def assert_good(self, page):
        page.wait_for_load_state()
        assert_fits(page)
        self._assert_accessible(page)

    def row(self, holder):
        return BoxCard.objects.get(card_request=self.requests[holder])

    def number(self, holder):
        return self.row(holder).card.card_number


@pytest.fixture
def hall(
    town, filed_portrait, signed_in, before_the_camera, live_server, assert_accessible, monkeypatch
):
    for part in ("days", "table"):
        monkeypatch.setattr(f"apps.handout_desk.views.{part}.nudge", lambda task: None)
    let_the_unit_collect(town)
    hall = Hall(signed_in, before_the_camera, live_server, assert_accessible)
    follow_roster(at=timezone.now())
    pack_sent(at=timezone.now(), limit=100)
    return hall


def count(page, number):
    page.get_by_label("社保卡号或制卡单号").fill(number)
    page.keyboard.press("Enter")


def count_the_box(hall):
    """One of the list is not in the box, and one is there that is not on the list."""
    page = hall.desk()
    page.goto(BOXES)
    hall.assert_good(page)
    page.locator("tbody a").click()
    hall.assert_good(page)
    page.get_by_role("button", name="收到了，开始点卡").click()
    expect(page.get_by_text("已登记收到，请逐张点卡。")).to_be_visible()
    for holder in (hall.own, hall.other, hall.absent):
        count(page, hall.number(holder))
        expect(page.get_by_text("点到了。")).to_be_visible()
    count(page, hall.stray.card_number)
    expect(page.get_by_text("单上没有这张")).to_be_visible()
    hall.assert_good(page)
    page.get_by_role("button", name="点清了，封箱").click()
    expect(page.get_by_text("已点清，缺 1 张。")).to_be_visible()
    expect(page.get_by_role("region", name="箱里没有")).to_contain_text("赵丁")
    expect(page.get_by_role("region", name="单上没有")).to_contain_text("孙戊")
    hall.assert_good(page)


def arrange(hall):
    page = hall.desk()
    page.goto(DAYS)
    hall.assert_good(page)
    page.get_by_role("link", name="安排领卡", exact=True).click()
    page.get_by_label("部门").select_option(label="化学学院")
    page.get_by_label("日期").fill((day_of(timezone.now()) + timedelta(days=1)).isoformat())
    page.get_by_label("开始").fill("09:00")
    page.get_by_label("结束").fill("11:30")
    page.get_by_label("地点").fill("化学楼 301")
    hall.assert_good(page)
    page.get_by_role("button", name="安排并通知").click()
    expect(page.get_by_text("正在通知 3 人")).to_be_visible()
    hall.assert_good(page)
    advance_boxes()
    page.reload()
    expect(page.get_by_text("正在通知")).to_have_count(0)
    expect(page.get_by_text("化学楼 301")).to_be_visible()


def print_the_list(hall):
    page = hall.desk()
    page.goto(TABLE)
    page.get_by_role("link", name="打印签收表").click()
    for name in ("韩甲", "李乙", "王丙"):
        expect(page.get_by_role("row", name=name)).to_be_visible()
    expect(page.get_by_text("赵丁")).to_have_count(0)
    hall.assert_good(page)
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1


def code_of(hall, holder, words):
    """(the phone that shows `words`, a code; what the camera of the table sees of it)."""
    page = hall.phone_of(holder)
    page.goto(reverse("handout:index"))
    expect(page.get_by_text("化学楼 301")).to_be_visible()
    hall.assert_good(page)
    page.get_by_role("link", name=f"出示{words}").click()
    code = page.get_by_role("img", name=words)
    expect(code).to_be_visible()
    hall.assert_good(page)
    picture = Image.open(io.BytesIO(code.screenshot())).convert("RGB")
    picture.thumbnail((440, 440))
    view = Image.new("RGB", (640, 480), "#888888")
    view.paste(picture, ((640 - picture.width) // 2, (480 - picture.height) // 2))
    return page, view


def look_again(phone):
    """The phone that shows a code is looked at again; the page asks whether that still counts."""
    phone.locator("#code").dispatch_event("seen")


def name_a_proxy(hall):
    page = hall.phone_of(hall.absent)
    page.goto(reverse("handout:code", args=[hall.row(hall.absent).reference]))
    page.get_by_label("工号").fill(hall.colleague.user.employee_number)
    page.get_by_role("button", name="委托这位同事代领").click()
    expect(page.get_by_text("已委托。请告诉同事")).to_be_visible()
    hall.assert_good(page)


def hand_out_by_code(hall):
    phone, view = code_of(hall, hall.own, "领卡码")
    page = hall.desk_seeing(view)
    page.goto(TABLE)
    page.get_by_role("button", name="用摄像头扫").click()
    expect(page.get_by_text("已交本人")).to_be_visible()
    expect(page.locator(".handout-last")).to_contain_text("韩甲")
    expect(page.locator(".handout-left")).to_have_text("2 张没领")
    hall.assert_good(page)
    page.close()
    look_again(phone)
    expect(phone).to_have_url(re.compile(hall.requests[hall.own].get_absolute_url()))


def hand_out_by_number(hall):
    """By mistake at first: it is taken back, and given again."""
    page = hall.desk()
    for is_mistake in (True, False):
        page.goto(TABLE)
        page.get_by_label("扫领卡码，或输工号、姓名").fill(hall.other.user.employee_number)
        page.keyboard.press("Enter")
        expect(page.get_by_role("img", name="李乙的照片，请和本人核对")).to_be_visible()
        if is_mistake:
            hall.assert_good(page)
        page.get_by_role("button", name="看过照片，是本人，交卡").click()
        expect(page.get_by_text("已交卡。")).to_be_visible()
        if is_mistake:
            page.get_by_role("button", name="交错了，收回").click()
            expect(page.get_by_text("已收回")).to_be_visible()
            assert hall.row(hall.other).status == BoxCardStatus.IN_BOX


def hand_out_to_proxy(hall):
    phone, view = code_of(hall, hall.colleague, "代领码")
    page = hall.desk_seeing(view)
    page.goto(TABLE)
    page.get_by_role("button", name="用摄像头扫").click()
    expect(page.get_by_text("请看代领人的工作证")).to_contain_text("钱己")
    hall.assert_good(page)
    page.get_by_role("button", name="看过工作证，交给代领人").click()
    expect(page.get_by_text("已交代领人")).to_be_visible()
    hall.assert_good(page)
    page.close()
    look_again(phone)
    expect(phone.get_by_text("单位里没有等您领的卡")).to_be_visible()


def progress_of(hall, holder):
    page = hall.phone_of(holder)
    page.goto(hall.requests[holder].get_absolute_url())
    hall.assert_good(page)
    return page


def test_a_box_is_counted_and_handed_out_at_a_table(hall, settings):
    count_the_box(hall)
    arrange(hall)
    print_the_list(hall)
    name_a_proxy(hall)
    hand_out_by_code(hall)
    hand_out_by_number(hall)
    hand_out_to_proxy(hall)

    # Everybody reads what became of the own card, once it can't be taken back any more.
    settings.HAND_OUT_UNDO_WINDOW = timedelta(0)
    send_notices()
    for holder in (hall.own, hall.other, hall.absent):
        page = progress_of(hall, holder)
        expect(page.get_by_text("已领取").first).to_be_visible()
        expect(page.get_by_text("化学楼 301").first).to_be_visible()
    page = hall.phone_of(hall.absent)
    page.goto(reverse("home:messages"))
    expect(page.get_by_text("社保卡已由*己代为领取")).to_be_visible()
    hall.assert_good(page)
    page = progress_of(hall, hall.missing)
    expect(page.get_by_text("箱里没有").first).to_be_visible()
    ways = {holder: hall.row(holder).handed_way for holder in hall.requests}
    assert ways == {
        hall.own: HandedWay.CODE,
        hall.other: HandedWay.NUMBER,
        hall.absent: HandedWay.PROXY,
        hall.missing: "",
    }
