"""The bureau's desk in Chromium: a file by hand, its broken line, a batch that could not leave."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from apps.bureau import applying, production
from apps.bureau.models import ProductionBatch
from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.desk import roles
from tests.chromium import DESKTOP, PHONE
from tests.factories.bureau import csv_lines, line_of, made, make_orders, receive
from tests.factories.cards import make_request
from tests.factories.people import make_colleague, make_holder

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(signed_in):
    """`desk(viewport)`: the list of batches as a supervisor sees it."""

    def open_desk(viewport):
        supervisor = make_holder(name="李主管", user=make_colleague(roles.SUPERVISOR))
        page = signed_in(supervisor, viewport=viewport)
        page.goto(reverse("admin:bureau_productionbatch_changelist"))
        return page

    return open_desk


@pytest.mark.slow
def test_a_report_file_is_uploaded_previewed_and_its_broken_line_corrected(
    desk, assert_accessible, tmp_path
):
    [order] = make_orders(1)
    past = timezone.now() - timedelta(minutes=5)
    good = line_of(made(order, at=past))
    file = tmp_path / "补报.csv"
    file.write_bytes(csv_lines(good.replace("A00000001", "A1")))

    page = desk(DESKTOP)
    page.get_by_role("link", name="往来文件", exact=True).click()
    page.get_by_role("link", name="上传回盘文件").click()
    page.get_by_label("回盘文件").set_input_files(file)
    page.get_by_role("button", name="预览").click()
    expect(page.get_by_text("还没有登记。")).to_be_visible()
    page.wait_for_load_state()
    assert_accessible(page)
    page.get_by_role("button", name="确认登记").click()
    expect(page.get_by_text("隔离的 1 行")).to_be_visible()
    page.get_by_role("link", name="第 2 行").click()
    page.get_by_label("查看原因").fill("与制卡中心核实")
    page.get_by_role("button", name="查看原文").click()
    expect(page.get_by_label("改正后的一行")).to_have_value(good.replace("A00000001", "A1"))
    page.wait_for_load_state()
    assert_accessible(page)
    page.get_by_label("改正后的一行").fill(good)
    page.get_by_role("button", name="重新登记").click()
    expect(page.get_by_text("改正后的一行已收下")).to_be_visible()
    applying.apply_due(at=timezone.now(), limit=10)
    assert CardRequest.objects.get(pk=order.card_request_id).status == RequestStatus.PRODUCED


@pytest.mark.slow
def test_a_batch_that_could_not_leave_is_sent_again_from_a_phone(desk, assert_accessible):
    make_request(RequestStatus.APPROVED, at=timezone.now() - timedelta(days=1))
    batch = production.make_batch(at=timezone.now(), limit=10)
    later = timezone.now() + timedelta(minutes=9)
    ProductionBatch.objects.update(last_error="送制目录写不进去。", tries=2, next_try_at=later)

    page = desk(PHONE)
    expect(page.get_by_text("试过 2 次：送制目录写不进去。")).to_be_visible()
    page.wait_for_load_state()
    assert_accessible(page)
    page.get_by_role("link", name=batch.reference).click()
    page.get_by_role("button", name="立即重新送出").click()
    expect(page.get_by_text("已排到最前")).to_be_visible()
    page.wait_for_load_state()
    assert_accessible(page)
    assert production.submit_batches(at=timezone.now(), limit=10) == 1


@pytest.mark.parametrize("name", ["bureaufile", "productionbatch", "bureaureport"])
def test_a_list_can_be_turned_on_a_phone(desk, name):
    orders = make_orders(2)
    receive(csv_lines(*(line_of(made(one, at=timezone.now())) for one in orders[:1])))
    page = desk(PHONE)
    page.goto(reverse(f"admin:bureau_{name}_changelist"))
    link = page.locator("thead .queue-sort")
    expect(link).to_be_in_viewport()
    assert page.locator("thead th:visible").count() == 1
    link.click()
    expect(link).to_contain_text("↑")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
