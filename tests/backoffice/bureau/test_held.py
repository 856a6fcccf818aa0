"""The desk sees whose card is held up and why, and lets it go on; a wrong report is dismissed."""

import pytest
from django.urls import reverse

from apps.bureau import production
from apps.bureau.enums import OrderStatus, ReportAction, ReportStatus
from apps.bureau.models import BureauReport, ProductionOrder
from apps.cards.enums import RequestStatus
from apps.desk import roles
from tests.backoffice.bureau.pages import status_of, text, url
from tests.factories.bureau import LATER, hear, made, make_orders
from tests.factories.cards import make_request
from tests.factories.people import make_colleague

pytestmark = pytest.mark.django_db

FAULT = "证件照片的文件不见了。"


@pytest.fixture
def held():
    make_request(RequestStatus.APPROVED)
    batch = production.make_batch(at=LATER, limit=10)
    order = batch.orders.get()
    production._hold(batch, {order.reference: FAULT}, at=LATER)
    return ProductionOrder.objects.get()


def test_an_order_on_hold_stands_on_the_desk_with_name_and_reason(client, supervisor, held):
    start = text(client.get(reverse("admin:index")))
    assert "1 张制卡单已搁置" in start
    assert url("productionbatch_held") in start
    listed = text(client.get(url("productionbatch_held")))
    assert FAULT in listed
    assert "*超" in listed
    assert held.card_request.reference in listed
    assert FAULT in text(client.get(url("productionbatch_change", held.batch.reference)))


def test_a_supervisor_sends_it_on_or_back(client, supervisor, held):
    page = text(client.get(url("productionbatch_hold", held.reference)))
    assert "重新送制" in page
    back = url("productionbatch_send_back", held.reference)
    assert "请写明为什么退回审核" in text(client.post(back, {"back-reason": ""}))
    answer = client.post(back, {"back-reason": "照片文件损坏"}, follow=True)
    assert "已退回审核" in text(answer)
    held.refresh_from_db()
    assert (held.status, status_of(held)) == (OrderStatus.FAILED, RequestStatus.ACCEPTED)
    release = url("productionbatch_release", held.reference)
    assert "不能办理「重新送制」" in text(client.post(release, follow=True))


def test_others_may_look_and_do_nothing(client, held):
    client.force_login(make_colleague(roles.AUDITOR))
    page = text(client.get(url("productionbatch_hold", held.reference)))
    assert "重新送制" not in page
    assert client.post(url("productionbatch_release", held.reference)).status_code == 403


def test_a_report_that_contradicts_another_one_is_dismissed_with_a_reason(client, supervisor):
    [order] = make_orders(1)
    hear(made(order), made(order, card_number="A00000002", suffix="2"))
    report = BureauReport.objects.get(status=ReportStatus.REFUSED)
    page = url("bureaureport_dismiss", report.reference)
    assert page in text(client.get(url("bureaureport_changelist")))
    assert "请写明为什么不再登记" in text(client.post(page, {"dismiss-reason": " "}))
    client.post(page, {"dismiss-reason": "已核实，以先收到的为准"})
    report.refresh_from_db()
    assert report.status == ReportStatus.DISMISSED
    event = report.events.get(action=ReportAction.DISMISS)
    assert (event.by, event.reason) == (supervisor, "已核实，以先收到的为准")
    assert "0 行回盘没有登记" not in text(client.get(reverse("admin:index")))
    assert "现在是「不再登记」" in text(client.get(page))
    assert not BureauReport.objects.open().exists()
