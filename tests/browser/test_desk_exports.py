"""An export in Chromium: from the filter to the downloaded file."""

from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from apps.cards.enums import RequestStatus
from apps.desk import roles
from apps.exports import tasks
from tests.chromium import DESKTOP, PHONE
from tests.factories.cards import make_request
from tests.factories.people import make_colleague, make_holder
from tests.factories.regions import make_city

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.slow
def test_a_supervisor_exports_a_city_and_reads_the_workbook(
    signed_in, town, assert_accessible, tmp_path, monkeypatch
):
    monkeypatch.setattr("apps.exports.views.files.nudge", lambda task: None)
    at = timezone.now() - timedelta(hours=1)
    wanted = make_request(RequestStatus.ACCEPTED, at=at, city=make_city("370300", "淄博市"))
    make_request(RequestStatus.ACCEPTED, at=at)
    supervisor = make_holder(name="周主管", user=make_colleague(roles.SUPERVISOR))
    page = signed_in(supervisor, viewport=DESKTOP)

    page.goto(f"{reverse('admin:exports_export_new')}?city=370300")
    expect(page.get_by_text("申领地区：淄博市")).to_be_visible()
    expect(page.get_by_text("1 件", exact=True)).to_be_visible()
    assert_accessible(page)
    page.get_by_role("radio", name="完整，需要写明原因").check()
    page.get_by_role("button", name="开始导出").click()
    expect(page.get_by_text("导出完整号码必须写明原因")).to_be_visible()
    expect(page.get_by_role("radio", name="完整，需要写明原因")).to_be_checked()
    page.wait_for_load_state()
    assert_accessible(page)
    page.get_by_label("导出完整号码的原因").fill("与银行核对")
    page.get_by_role("button", name="开始导出").click()
    expect(page.get_by_role("status")).to_contain_text("等待开始")
    page.wait_for_load_state()
    assert_accessible(page)

    tasks.write_exports()  # and the page notices by itself
    expect(page.get_by_role("status")).to_contain_text("可以下载")
    assert_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="下载文件").click()
    target = tmp_path / download.value.suggested_filename
    download.value.save_as(target)
    heading, row = openpyxl.load_workbook(target).active.iter_rows(values_only=True)
    cells = dict(zip(heading, row, strict=True))
    assert cells["业务受理编号"] == wanted.reference
    assert cells["社会保障号码"] == wanted.particulars.id_number

    page.set_viewport_size(PHONE)
    page.get_by_role("link", name="回到导出列表").click()
    expect(page.get_by_role("heading", level=1, name="我的导出")).to_be_visible()
    page.wait_for_load_state()
    assert_accessible(page)
