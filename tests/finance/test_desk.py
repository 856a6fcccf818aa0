"""款项: stuck refunds and money that matches no order are listed, worked on, and closed."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.cards.models import CardRequest
from apps.desk import roles
from apps.payments import settlement
from apps.payments.enums import DiscrepancyStatus, PaymentStatus
from apps.payments.models import Discrepancy, Payment
from tests.factories.cards import withdraw
from tests.factories.payments import confirm, make_paid, make_payable, make_payment
from tests.factories.people import make_colleague
from tests.payments.test_notifications import notice, send

pytestmark = pytest.mark.django_db

INDEX = reverse("admin:payments_discrepancy_changelist")
REASON = {"settle-settlement": "已由财务转到工资卡"}


def url(name, row):
    return reverse(f"admin:payments_discrepancy_{name}", args=[row.reference])


@pytest.fixture
def stuck():
    """A refund that the gateway refused."""
    now = timezone.now()
    payment = make_payment(card_request=make_payable(at=now - timedelta(hours=1)), at=now)
    withdraw(CardRequest.objects.get(), at=now)
    confirm(payment, at=now)
    Payment.objects.update(last_error="GatewayRefused: ACQ.SELLER_BALANCE_NOT_ENOUGH")
    settlement.stall_refund(payment=payment, code="ACQ.SELLER_BALANCE_NOT_ENOUGH", at=now)
    return payment


@pytest.fixture
def second(client):
    """A second trade on a paid order."""
    now = timezone.now()
    payment = make_paid(card_request=make_payable(at=now - timedelta(hours=1)), at=now)
    send(client, notice(payment, trade_no="T-SECOND"))
    return Discrepancy.objects.get()


@pytest.fixture
def desk(client):
    client.force_login(make_colleague(roles.REVIEWER))
    return client


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def test_both_are_listed_with_why_and_what(desk, stuck, second):
    page = text(desk.get(INDEX))
    for words in (stuck.reference, "商户账户余额不足", second.reference, "T-SECOND", "第二笔付款"):
        assert words in page
    start = text(desk.get(reverse("admin:index")))
    assert "退款没有到账" in start
    assert "对不上的款项" in start
    assert INDEX in start


def test_a_stuck_refund_is_noted_tried_again_and_settled_with_a_reason(desk, stuck):
    page = text(desk.get(url("refund", stuck)))
    for words in ("再退一次", "另外退还", "商户账户余额不足"):
        assert words in page
    desk.post(url("note_refund", stuck), {"note-text": "已请财务充值"})
    assert "已请财务充值" in text(desk.get(INDEX))
    page = text(desk.post(url("settle_refund", stuck), {"settle-settlement": ""}))
    assert "请写明怎样办结的" in page
    assert Payment.objects.get().status == PaymentStatus.STALLED
    assert desk.post(url("settle_refund", stuck), REASON).status_code == 302
    row = Payment.objects.get()
    assert (row.status, row.settlement) == (PaymentStatus.REFUNDED, "已由财务转到工资卡")
    assert "已由财务转到工资卡" in text(desk.get(INDEX, {"state": "done"}))
    # A colleague with the page still open is told, and keeps what was typed.
    page = text(desk.post(url("settle_refund", stuck), REASON))
    assert "已退款" in page


def test_trying_again_sends_the_refund_to_the_gateway(desk, stuck, monkeypatch):
    asked = []
    monkeypatch.setattr("apps.finance.views.money.nudge", asked.append)
    desk.post(url("retry", stuck))
    row = Payment.objects.get()
    assert (row.status, len(asked)) == (PaymentStatus.REFUNDING, 1)
    assert Payment.objects.to_send_back(timezone.now()).get() == row


def test_a_second_trade_is_noted_and_settled_with_a_reason(desk, second):
    page = text(desk.get(url("change", second)))
    assert second.trade_number in page
    assert second.payment.trade_number in page
    desk.post(url("note", second), {"note-text": "已问支付宝客服"})
    assert "已问支付宝客服" in text(desk.get(url("change", second)))
    assert "请写明怎样办结的" in text(desk.post(url("settle", second), {"settle-settlement": " "}))
    desk.post(url("settle", second), REASON)
    second.refresh_from_db()
    assert second.status == DiscrepancyStatus.SETTLED
    assert second.reference not in text(desk.get(INDEX))
    assert "已由财务转到工资卡" in text(desk.get(INDEX, {"state": "done"}))
    assert "已办结" in text(desk.post(url("settle", second), REASON))


def test_an_auditor_reads_and_changes_nothing(client, stuck, second):
    client.force_login(make_colleague(roles.AUDITOR))
    for address in (INDEX, url("refund", stuck), url("change", second)):
        page = text(client.get(address))
        assert 'method="post" action="/admin/payments/' not in page
    assert client.post(url("settle_refund", stuck), REASON).status_code == 403
    assert client.post(url("settle", second), REASON).status_code == 403


def test_more_rows_cost_no_more_queries(desk, stuck, second, django_assert_max_num_queries):
    for number in range(3):
        make = Discrepancy.objects.get(pk=second.pk)
        make.pk, make.reference, make.trade_number = None, f"R{number}", f"T{number}"
        make.save(force_insert=True)
    desk.get(INDEX)
    with django_assert_max_num_queries(12):
        assert text(desk.get(INDEX)).count("第二笔付款") == 4
