"""The contact sheet in Chromium: looked through, marked and approved by keyboard alone."""

import io
import os
import time
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from apps.bulk.contact_sheet.lists import SIZE
from apps.bulk.tasks import work_off_bulk_runs
from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.people.models import Holder
from apps.requests.models import Particulars
from tests.chromium import DESKTOP, PHONE
from tests.factories.cards import make_calm, make_request
from tests.factories.people import make_holder, make_reviewer
from tests.journeys.steps import photo

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SHEET = reverse("admin:bulk_bulkrun_sheet")
NAMES = ("陈甲", "林乙", "周丙", "吴丁", "郑戊", "王己", "冯庚", "褚辛")


def file_pictures():
    """Give every request a portrait and a roster photo that can be drawn."""
    content = io.BytesIO()
    Image.open(io.BytesIO(photo())).convert("RGB").resize((358, 441)).save(content, "JPEG")
    name = default_storage.save("portrait/sheet.jpg", ContentFile(content.getvalue()))
    Particulars.objects.update(portrait=name)
    Holder.objects.exclude(reference_photo="").update(reference_photo=name)


def waiting(count):
    now = timezone.now()
    for number in range(count):
        name = NAMES[number % len(NAMES)]
        make_calm(
            at=now - timedelta(hours=5) + timedelta(seconds=number),
            holder=make_holder(name=name, department="化学学院"),
        )


@pytest.fixture(autouse=True)
def _worker_waits(monkeypatch):
    """The tests work off the runs themselves."""
    monkeypatch.setattr("apps.bulk.contact_sheet.views.nudge", lambda task: None)


@pytest.fixture
def reviewer(transactional_db):
    return make_holder(name="李审", user=make_reviewer())


def approved():
    return CardRequest.objects.filter(status=RequestStatus.APPROVED).count()


def ready(page):
    """The sheet with its pictures drawn."""
    expect(page.locator("[data-cell]").first).to_be_visible()
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_sheet_is_readable(signed_in, reviewer, assert_accessible, viewport):
    waiting(5)
    make_request(RequestStatus.ACCEPTED, at=timezone.now() - timedelta(hours=9))
    file_pictures()
    page = signed_in(reviewer, viewport=viewport)
    page.goto(SHEET)
    ready(page)
    assert_accessible(page)
    if os.environ.get("SHOTS"):
        page.screenshot(path=f"{os.environ['SHOTS']}/sheet-{viewport['width']}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_screen_is_approved_by_keyboard(signed_in, reviewer):
    waiting(4)
    file_pictures()
    page = signed_in(reviewer, viewport=DESKTOP)
    page.goto(SHEET)
    ready(page)
    boxes = page.locator("[data-cell] [type=checkbox]")
    expect(boxes.nth(0)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(boxes.nth(1)).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("[data-sheet-count]")).to_have_text("3")
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    expect(page.get_by_text("上一屏：通过 3 件")).to_be_visible()
    work_off_bulk_runs()
    assert approved() == 3
    page.reload()
    ready(page)
    page.keyboard.press("o")
    expect(page.get_by_role("heading", level=1)).to_contain_text("林乙")


def test_a_sheet_works_without_a_script(signed_in, reviewer):
    waiting(2)
    file_pictures()
    page = signed_in(reviewer, viewport=DESKTOP, java_script_enabled=False)
    page.goto(SHEET)
    page.wait_for_load_state("networkidle")
    page.get_by_role("checkbox").first.uncheck()
    page.get_by_role("button", name="通过勾选的").click()
    work_off_bulk_runs()
    assert approved() == 1


def test_a_sheet_takes_less_than_two_seconds_a_case(signed_in, reviewer):
    """Loading, leaving one case of each screen out, approving: the machine's part of the time."""
    count = int(os.environ.get("SHEET_CASES", "26"))
    waiting(count)
    file_pictures()
    page = signed_in(reviewer, viewport=DESKTOP)
    begun, screens, keys = time.monotonic(), -(-count // SIZE), 0
    page.goto(SHEET)
    for _ in range(screens):
        ready(page)
        before = page.locator("[data-cell] [type=checkbox]").first.get_attribute("value")
        for key in ("ArrowRight", "Space", "a", "Enter"):
            page.keyboard.press(key)
            keys += 1
        first = page.locator(f"[data-cell]:first-child input[value='{before}']")
        expect(first).to_have_count(0)
        expect(page.get_by_text("上一屏：通过")).to_be_visible()
    seconds = (time.monotonic() - begun) / count
    print(f"\n{count} 件，{screens} 屏，{keys} 次按键：每件 {seconds:.2f} 秒")
    work_off_bulk_runs()
    assert approved() == count - screens
    assert seconds < 2
