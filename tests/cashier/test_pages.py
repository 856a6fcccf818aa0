"""The sandbox cashier and the adapter that talks to it, through the whole wire."""

import json
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.cashier import notify
from apps.cashier.models import SandboxNotice, SandboxTrade
from apps.gateways import rsa2
from apps.gateways.port import GatewayUnavailable, TradeState, get_gateway
from apps.payments import services
from apps.payments.enums import DiscrepancyKind, PaymentStatus
from apps.payments.models import Discrepancy, Payment
from tests.factories.payments import make_payable, start
from tests.gateways.test_rsa2 import new_key, pem

pytestmark = pytest.mark.django_db

GATEWAY = reverse("cashier:gateway")


@pytest.fixture
def now():
    """The present moment, because the cashier, as an outside party, reads the clock itself."""
    return timezone.now()


@pytest.fixture
def started(now):
    return start(make_payable(at=now - timedelta(hours=1)), at=now)


@pytest.fixture
def cashier(started, at_cashier):
    """The path of the cashier page of the started payment."""
    return at_cashier(started.url)


def fields_of(url):
    return dict(parse_qsl(urlsplit(url).query))


def test_the_cashier_listens_where_the_portal_calls(settings):
    assert GATEWAY == settings.SANDBOX_CASHIER_PATH


def test_the_cashier_shows_what_the_portal_signed(cashier, client):
    page = client.get(cashier).content.decode()
    assert "10.00" in page
    assert "社会保障卡申领费用" in page
    assert "模拟收银台（演示）" in page


@pytest.mark.parametrize("name", ["biz_content", "notify_url", "return_url", "app_id", "method"])
def test_a_changed_order_is_not_accepted(started, client, name):
    fields = fields_of(started.url)
    fields[name] = fields[name].replace("10.00", "0.01") + "x"
    response = client.get(f"{GATEWAY}?{urlencode(fields)}")
    assert response.status_code == 400
    assert not SandboxTrade.objects.exists()


def test_the_same_order_opens_the_same_trade(started, cashier, at_cashier):
    assert at_cashier(started.url) == cashier
    assert SandboxTrade.objects.count() == 1


def test_the_same_order_number_over_another_amount_is_refused(started, cashier, settings, client):
    fields = fields_of(started.url)
    fields["biz_content"] = fields["biz_content"].replace("10.00", "0.01")
    fields["sign"] = rsa2.sign(rsa2.canonical(fields), settings.PORTAL_PAYMENT_KEY)
    assert client.get(f"{GATEWAY}?{urlencode(fields)}").status_code == 400


def test_paying_notifies_the_portal_and_leads_back(started, cashier, client):
    response = client.post(cashier, {"outcome": "TRADE_SUCCESS", "delay_seconds": "0"})
    assert response["Location"] == reverse("payments:return", args=[started.payment.reference])
    assert Payment.objects.get().status == PaymentStatus.PAID
    assert CardRequest.objects.get().status == RequestStatus.PAID


def test_a_failed_try_is_told_and_may_be_repeated(cashier, client):
    client.post(cashier, {"outcome": "TRADE_FAILED", "delay_seconds": "0"})
    assert Payment.objects.get().status == PaymentStatus.FAILED
    client.post(cashier, {"outcome": "TRADE_SUCCESS", "delay_seconds": "0"})
    assert CardRequest.objects.get().status == RequestStatus.PAID


def test_giving_up_leads_back_and_tells_nothing(cashier, client):
    response = client.post(cashier, {"outcome": "abandon", "delay_seconds": "0"})
    assert response.status_code == 302
    assert not SandboxNotice.objects.exists()
    assert Payment.objects.get().status == PaymentStatus.PENDING


def test_paying_twice_takes_the_money_once(cashier, client):
    for _ in range(2):
        client.post(cashier, {"outcome": "TRADE_SUCCESS", "delay_seconds": "0"})
    assert SandboxNotice.objects.count() == 1


def test_a_late_notification_leaves_later(cashier, client, now):
    client.post(cashier, {"outcome": "TRADE_SUCCESS", "delay_seconds": "60"})
    assert Payment.objects.get().status == PaymentStatus.PENDING
    notify.deliver_due(at=now + timedelta(minutes=2), limit=10)
    assert Payment.objects.get().status == PaymentStatus.PAID


def test_a_repeated_notification_counts_once(cashier, client):
    client.post(cashier, {"outcome": "TRADE_SUCCESS", "delay_seconds": "0", "is_repeated": "on"})
    assert SandboxNotice.objects.exclude(delivered_at=None).count() == 3
    payment = Payment.objects.get()
    assert payment.notifications.count() == 3
    assert payment.events.filter(to_status=PaymentStatus.PAID).count() == 1


def test_a_notification_is_repeated_until_the_portal_answers_success(cashier, client, line, now):
    line.is_cut = True
    client.post(cashier, {"outcome": "TRADE_SUCCESS", "delay_seconds": "0"})
    notice = SandboxNotice.objects.get()
    assert (notice.tries, notice.delivered_at) == (1, None)
    assert "WireError" in notice.last_error
    line.is_cut = False
    notify.deliver_due(at=now, limit=10)
    assert Payment.objects.get().status == PaymentStatus.PENDING
    notify.deliver_due(at=now + timedelta(minutes=1), limit=10)
    assert Payment.objects.get().status == PaymentStatus.PAID


def test_a_notification_that_nobody_takes_is_given_up(cashier, client, line, now):
    line.is_cut = True
    client.post(cashier, {"outcome": "TRADE_SUCCESS", "delay_seconds": "0"})
    for number in range(1, 20):
        notify.deliver_due(at=now + timedelta(days=number), limit=10)
    notice = SandboxNotice.objects.get()
    assert (notice.tries, notice.next_try_at) == (8, None)


def test_the_portal_finds_out_by_asking_when_no_notification_comes(cashier, client, now):
    client.post(cashier, {"outcome": "TRADE_SUCCESS", "delay_seconds": "60"})
    payment = Payment.objects.get()
    services.ask(payment=payment, at=now + timedelta(seconds=20))
    assert payment.status == PaymentStatus.PAID
    assert payment.trade_number == SandboxTrade.objects.get().trade_number


def test_a_query_tells_unknown_waiting_failed_paid_and_closed(started, now, at_cashier, client):
    gateway, number = get_gateway("sandbox"), started.payment.reference
    assert gateway.query(number, at=now).state is TradeState.UNKNOWN
    page = at_cashier(started.url)
    assert gateway.query(number, at=now).state is TradeState.WAITING
    client.post(page, {"outcome": "TRADE_FAILED", "delay_seconds": "60"})
    assert gateway.query(number, at=now).state is TradeState.FAILED
    client.post(page, {"outcome": "TRADE_SUCCESS", "delay_seconds": "60"})
    report = gateway.query(number, at=now)
    assert (report.state, report.amount_fen) == (TradeState.PAID, 1000)
    assert gateway.refund(number, amount_fen=1000, reason="x", at=now)
    assert gateway.query(number, at=now).state is TradeState.CLOSED


def test_a_closed_order_cannot_be_paid(started, cashier, client, now):
    gateway = get_gateway("sandbox")
    assert gateway.close(started.payment.reference, at=now).state is TradeState.CLOSED
    client.post(cashier, {"outcome": "TRADE_SUCCESS", "delay_seconds": "0"})
    assert not SandboxNotice.objects.exists()
    assert "已经关闭" in client.get(cashier).content.decode()
    assert gateway.close(started.payment.reference, at=now).state is TradeState.CLOSED


def test_closing_a_paid_order_answers_that_it_is_paid(started, cashier, client, now):
    client.post(cashier, {"outcome": "TRADE_SUCCESS", "delay_seconds": "60"})
    report = get_gateway("sandbox").close(started.payment.reference, at=now)
    assert (report.state, report.amount_fen) == (TradeState.PAID, 1000)


def test_a_refund_asked_for_twice_is_one_refund(started, cashier, client, now):
    client.post(cashier, {"outcome": "TRADE_SUCCESS", "delay_seconds": "60"})
    gateway, number = get_gateway("sandbox"), started.payment.reference
    for _ in range(2):
        assert gateway.refund(number, amount_fen=1000, reason="x", at=now)
    assert SandboxTrade.objects.get().refunded_at


def test_a_refund_of_what_was_not_paid_or_of_another_amount_is_refused(
    started, cashier, client, now
):
    gateway, number = get_gateway("sandbox"), started.payment.reference
    with pytest.raises(GatewayUnavailable):
        gateway.refund(number, amount_fen=1000, reason="x", at=now)
    client.post(cashier, {"outcome": "TRADE_SUCCESS", "delay_seconds": "60"})
    with pytest.raises(GatewayUnavailable):
        gateway.refund(number, amount_fen=500, reason="x", at=now)


def test_an_answer_that_the_cashier_did_not_sign_is_no_answer(started, settings, now, line):
    gateway = get_gateway("sandbox")
    settings.SANDBOX_CASHIER_KEY = pem(new_key())
    with pytest.raises(GatewayUnavailable):
        gateway.query(started.payment.reference, at=now)


def test_a_question_that_the_portal_did_not_sign_gets_no_answer(started, cashier, client):
    fields = {
        "app_id": "sandbox-portal",
        "method": "alipay.trade.refund",
        "biz_content": json.dumps({"out_trade_no": started.payment.reference}),
        "sign": "AAAA",
    }
    answer = client.post(GATEWAY, fields).json()["alipay_trade_refund_response"]
    assert answer["sub_code"] == "isv.invalid-signature"


def test_the_cashier_is_closed_beside_a_real_gateway(cashier, settings, started):
    settings.PAYMENT_GATEWAY = "alipay"
    client = Client()
    assert client.get(cashier).status_code == 404
    assert client.get(f"{GATEWAY}?{urlsplit(started.url).query}").status_code == 404
    assert client.post(cashier, {"outcome": "TRADE_SUCCESS"}).status_code == 404


def deliver(at):
    notify.deliver_due(at=at + timedelta(minutes=5), limit=10)


def test_a_refund_that_the_cashier_refuses_goes_to_the_desk(started, cashier, client, now):
    options = {"outcome": "TRADE_SUCCESS", "delay_seconds": "0", "refuses_refund": "on"}
    client.post(cashier, options)
    deliver(now)
    payment = Payment.objects.get()
    services.refund(payment=payment, reason="x", by=None, at=now)
    services.send_refund(payment=payment, at=now + timedelta(minutes=1))
    payment = Payment.objects.get()
    assert (payment.status, payment.trouble) == (
        PaymentStatus.STALLED,
        "支付平台拒绝退款：商户账户余额不足（ACQ.SELLER_BALANCE_NOT_ENOUGH）",
    )
    # The worker goes on asking, and books it once the gateway has done it.
    SandboxTrade.objects.update(refuses_refund=False)
    services.send_refund(payment=payment, at=payment.next_check_at)
    assert Payment.objects.get().status == PaymentStatus.REFUNDED


@pytest.mark.parametrize(
    ("what", "status", "kind"),
    [
        ("refund", PaymentStatus.REFUNDED, DiscrepancyKind.REFUNDED_THERE),
        ("second_trade", PaymentStatus.PAID, DiscrepancyKind.SECOND_TRADE),
    ],
)
def test_what_the_platform_does_by_itself_is_seen(
    started, cashier, client, now, what, status, kind
):
    client.post(cashier, {"outcome": "TRADE_SUCCESS", "delay_seconds": "0"})
    deliver(now)
    assert "由支付平台退款" in client.get(cashier).content.decode()
    client.post(cashier, {"what": what})
    deliver(now)
    assert Payment.objects.get().status == status
    assert Discrepancy.objects.get().kind == kind


def test_a_refund_that_the_platform_made_before_is_done(started, cashier, client, now):
    client.post(cashier, {"outcome": "TRADE_SUCCESS", "delay_seconds": "0"})
    deliver(now)
    payment = Payment.objects.get()
    services.refund(payment=payment, reason="x", by=None, at=now)
    client.post(cashier, {"what": "refund"})
    services.send_refund(payment=payment, at=now + timedelta(minutes=1))
    assert Payment.objects.get().status == PaymentStatus.REFUNDED
    assert not Discrepancy.objects.exists()
