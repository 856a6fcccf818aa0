"""The desk sees whose card is held up and why, and lets it go on; a wrong report is dismissed."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from apps.bureau import production
from apps.bureau.enums import OrderAction, OrderStatus, ReportAction, ReportStatus
from apps.bureau.models import BureauReport, ProductionOrder
from apps.cards.enums import RequestStatus
from apps.desk import roles
from apps.requests.models import Particulars
from tests.bureau_desk.pages import status_of, text, url
from tests.factories.bureau import LATER, hear, made, make_orders
from tests.factories.cards import make_request
from tests.factories.people import make_colleague
from tests.journeys.tree import parse

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


@pytest.fixture
def several():
    """Three orders on hold: of one the portrait is lost still, the others were mended."""
    for _ in range(3):
        make_request(RequestStatus.APPROVED)
    batch = production.make_batch(at=LATER, limit=10)
    orders = list(batch.orders.order_by("pk"))
    production._hold(batch, {order.reference: FAULT for order in orders}, at=LATER)
    lost = Particulars.objects.filter(card_request=orders[0].card_request)
    lost.update(portrait="portraits/lost.jpg")
    portrait = default_storage.save("portraits/mended.jpg", ContentFile(b"a picture"))
    mended = [order.card_request_id for order in orders[1:]]
    Particulars.objects.filter(card_request__in=mended).update(portrait=portrait)
    return list(ProductionOrder.objects.held().order_by("pk"))


def test_the_preview_says_of_each_what_is_wrong_now_and_ticks_what_was_mended(
    client, supervisor, several
):
    assert url("productionbatch_release_many") in text(client.get(url("productionbatch_held")))
    page = parse(text(client.get(url("productionbatch_release_many"))), is_scripted=True)
    boxes = [node for node in page.nodes("input") if node.get("name") == "orders"]
    assert [box.has("checked") for box in boxes] == [False, True, True]
    assert page.text.count("还没有补好") == 1
    assert page.text.count("可以送") == 2


def test_the_chosen_ones_go_together_and_the_others_stay(client, supervisor, several):
    kept, *chosen = several
    typed = {"orders": [order.reference for order in chosen]}
    answer = text(client.post(url("productionbatch_release_many"), typed, follow=True))
    assert "2 张已排进下一批" in answer
    assert [*ProductionOrder.objects.held()] == [kept]
    for order in chosen:
        assert order.events.get(action=OrderAction.RELEASE).by == supervisor
    production.make_batch(at=LATER + timedelta(hours=1), limit=10)
    assert ProductionOrder.objects.filter(status=OrderStatus.OPEN).count() == 2


def test_what_a_colleague_released_meanwhile_is_counted_and_not_done_twice(
    client, supervisor, several
):
    colleague = make_colleague(roles.SUPERVISOR)
    production.release(order=several[1], by=colleague, at=LATER)
    typed = {"orders": [order.reference for order in several[1:]]}
    answer = text(client.post(url("productionbatch_release_many"), typed, follow=True))
    assert "1 张已排进下一批" in answer
    assert "1 张没有送" in answer
    assert several[1].events.get(action=OrderAction.RELEASE).by == colleague


def test_nothing_chosen_is_asked_for(client, supervisor, several):
    answer = text(client.post(url("productionbatch_release_many"), {}))
    assert "请勾选要重新送制的制卡单" in answer
    assert ProductionOrder.objects.held().count() == 3


def test_the_preview_costs_the_same_for_many(
    client, supervisor, several, django_assert_max_num_queries
):
    with django_assert_max_num_queries(20):
        client.get(url("productionbatch_release_many"))
    for _ in range(10):
        make_request(RequestStatus.APPROVED)
    batch = production.make_batch(at=LATER, limit=10)
    faults = dict.fromkeys(batch.orders.values_list("reference", flat=True), FAULT)
    production._hold(batch, faults, at=LATER)
    with django_assert_max_num_queries(20):
        client.get(url("productionbatch_release_many"))


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
