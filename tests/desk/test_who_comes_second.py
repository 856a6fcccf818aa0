"""Two at the desk settle one thing: the second one reads who was first, and keeps the words."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.bureau import production
from apps.bureau.enums import ReportStatus
from apps.bureau.models import BureauReport
from apps.desk import roles
from apps.gateways.port import GatewayReport, TradeState
from apps.my_data import services as my_data
from apps.payments import settlement
from tests.factories.bureau import HEARD, LATER, failed, hear, made, make_orders
from tests.factories.cards import make_request, withdraw
from tests.factories.payments import confirm, make_paid, make_payable, make_payment
from tests.factories.people import make_colleague, make_holder

pytestmark = pytest.mark.django_db
FIRST, SECOND = "先来的人写的话", "后来的人写的话"


def an_hour_ago():
    return make_payable(at=timezone.now() - timedelta(hours=1))


def correction():
    holder, now = make_holder(), timezone.now()
    row = my_data.ask(holder=holder, topic="IDENTITY", text="民族", by=holder.user, at=now)
    address = reverse("admin:my_data_correction_change", args=[row.reference])
    return address, "text", {"result": "corrected"}


def refund():
    payment, now = make_payment(card_request=an_hour_ago(), at=timezone.now()), timezone.now()
    withdraw(payment.card_request, at=now)
    confirm(payment, at=now)
    settlement.stall_refund(payment=payment, code="ACQ.SELLER_BALANCE_NOT_ENOUGH", at=now)
    address = reverse("admin:payments_discrepancy_settle_refund", args=[payment.reference])
    return address, "settle-settlement", {}


def discrepancy():
    now = timezone.now()
    paid = make_paid(card_request=an_hour_ago(), at=now)
    second = GatewayReport(
        paid.reference, TradeState.PAID, "T-SECOND", amount_fen=paid.amount_fen, paid_at=now
    )
    settlement.apply(second, payment=paid, at=now)
    row = paid.discrepancies.get()
    address = reverse("admin:payments_discrepancy_settle", args=[row.reference])
    return address, "settle-settlement", {}


def order_on_hold():
    make_request("APPROVED")
    batch = production.make_batch(at=LATER, limit=10)
    order = batch.orders.get()
    production._hold(batch, {order.reference: "证件照片的文件不见了。"}, at=LATER)
    address = reverse("admin:bureau_productionbatch_send_back", args=[order.reference])
    return address, "back-reason", {}


def report_that_contradicts():
    [order] = make_orders(1)
    hear(made(order))
    hear(failed(order), at=HEARD + timedelta(hours=1))
    report = BureauReport.objects.exclude(status=ReportStatus.APPLIED).get()
    address = reverse("admin:bureau_bureaureport_dismiss", args=[report.reference])
    return address, "dismiss-reason", {}


@pytest.mark.parametrize(
    "prepare", [correction, refund, discrepancy, order_on_hold, report_that_contradicts]
)
def test_the_second_reads_who_was_first_and_keeps_the_words(prepare):
    address, field, others = prepare()
    users = [
        make_holder(name=name, user=make_colleague(roles.SUPERVISOR)).user
        for name in ("吴先来", "周后来")
    ]
    first, second = Client(), Client()
    first.force_login(users[0])
    second.force_login(users[1])
    assert first.post(address, others | {field: FIRST}).status_code == 302
    answer = second.post(address, others | {field: SECOND}, follow=True).content.decode()
    assert "吴先来已于" in answer
    assert SECOND in answer
    assert "没有提交的内容" in answer
