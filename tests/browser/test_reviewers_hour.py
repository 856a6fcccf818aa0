"""An hour at the desk, as one story: from the first page to the file that is handed on."""

from datetime import date, timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from apps.bulk.tasks import work_off_bulk_runs
from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.desk import roles
from apps.exports.tasks import write_exports
from apps.people.models import User
from tests.chromium import DESKTOP
from tests.factories.cards import make_calm, make_request
from tests.factories.people import make_colleague, make_holder, make_id_number

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def waiting(town, filed_portrait):
    """The oldest is a child's and risky; three more can be decided together."""
    now = timezone.now()
    first = make_request(RequestStatus.ACCEPTED, at=now - timedelta(hours=6))
    for hours in (5, 4, 3):
        make_calm(at=now - timedelta(hours=hours))
    return first


@pytest.fixture
def supervisor(town):
    return make_holder(name="周主管", user=make_colleague(roles.SUPERVISOR))


def statuses():
    return sorted(CardRequest.objects.values_list("status", flat=True))


def test_an_hour_of_a_supervisor(
    signed_in, waiting, supervisor, assert_accessible, tmp_path, monkeypatch
):
    for part in ("exports.views.files", "bulk.views"):
        monkeypatch.setattr(f"apps.{part}.nudge", lambda task: None)
    page = signed_in(supervisor, viewport=DESKTOP)

    # The first page says what waits, and hands out the oldest case.
    page.goto(reverse("admin:index"))
    expect(page.get_by_role("link", name="4 件待审核")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="领办并审核下一件").click()
    expect(page).to_have_url(reverse("admin:cards_cardrequest_change", args=[waiting.reference]))

    # Decided by keyboard; the next one opens, and is given back.
    page.wait_for_load_state()
    page.keyboard.press("a")
    expect(page.get_by_role("button", name="审核通过", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("刚办的：审核通过")).to_be_visible()
    assert statuses() == [*["ACCEPTED"] * 3, "APPROVED"]
    page.get_by_role("button", name="放回待办").click()

    # The rest together: their photos, the dry run, then in the background.
    page.get_by_role("link", name="申请", exact=True).click()
    page.get_by_role("link", name="看照片，成批通过").click()
    expect(page.get_by_role("button", name="通过勾选的 3 件")).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.go_back()
    page.get_by_role("link", name="批量办理这些").click()
    page.get_by_role("button", name="预检").click()
    expect(page.get_by_role("status")).to_contain_text("可以办理 3 件")
    page.wait_for_load_state()
    page.get_by_role("button", name="审核通过这 3 件").click()
    expect(page.get_by_role("status")).to_contain_text("已处理 0 件，共 3 件")
    work_off_bulk_runs()
    expect(page.get_by_role("status")).to_contain_text("已处理 3 件，共 3 件")
    assert statuses() == ["APPROVED"] * 4
    assert_accessible(page)

    # A new colleague comes on the roster.
    page.get_by_role("link", name="人事名册", exact=True).click()
    page.get_by_role("link", name="上传名册").click()
    number = make_id_number(birth_date=date(1979, 3, 3))
    content = f"工号,姓名,社会保障号码,手机号\nN1,赵新,{number},13900001234\n".encode()
    page.get_by_label("名册文件").set_input_files(
        {"name": "名册.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="上传并预览").click()
    page.get_by_role("button", name="确认生效").click()
    expect(page.get_by_text("名册已确认")).to_be_visible()
    assert User.objects.filter(employee_number="N1").exists()

    # What was approved is exported, masked.
    page.goto(f"{reverse('admin:cards_cardrequest_changelist')}?stage=APPROVED")
    page.get_by_role("link", name="导出这些").click()
    page.get_by_role("button", name="开始导出").click()
    expect(page.get_by_role("status")).to_contain_text("等待开始")
    write_exports()
    expect(page.get_by_role("status")).to_contain_text("可以下载")
    assert_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="下载文件").click()
    target = tmp_path / download.value.suggested_filename
    download.value.save_as(target)
    heading, *rows = openpyxl.load_workbook(target).active.iter_rows(values_only=True)
    numbers = {row[heading.index("社会保障号码")] for row in rows}
    assert len(rows) == 4
    assert all("***" in number for number in numbers)
