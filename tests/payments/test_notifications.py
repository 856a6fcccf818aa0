"""Notifications of gateways, genuine and forged."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.models import CardRequest
from apps.cashier import trades
from apps.common.money import yuan
from apps.gateways import rsa2
from apps.gateways.sandbox import APP_ID, SELLER_ID
from apps.payments.enums import NotificationOutcome, PaymentStatus
from apps.payments.models import Payment, PaymentNotification
from tests.factories.payments import LATER, make_payment
from tests.gateways.test_rsa2 import new_key, pem

pytestmark = pytest.mark.django_db

NOTIFY = reverse("payments:notify", args=["sandbox"])


def notice(payment, **changes):
    """What the cashier would send about `payment`, unsigned."""
    return {
        "app_id": APP_ID,
        "seller_id": SELLER_ID,
        "out_trade_no": payment.reference,
        "trade_no": f"T{payment.reference}",
        "trade_status": "TRADE_SUCCESS",
        "total_amount": yuan(payment.amount_fen),
        "gmt_payment": "2026-11-23 10:12:13",
        "sign_type": "RSA2",
    } | changes


def send(client, fields):
    """The answer to the notification with the cashier's own signature."""
    return client.post(NOTIFY, trades.signed(fields)).content.decode()


def outcome():
    return PaymentNotification.objects.latest("pk").outcome


def test_without_tls_it_is_refused_and_not_redirected(settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^payments/notify/"]
    fields = trades.signed(notice(make_payment()))
    answer = Client().post(NOTIFY, fields)
    assert (answer.status_code, answer.content) == (403, b"failure")
    assert not PaymentNotification.objects.exists()
    assert Client().post(NOTIFY, fields, secure=True).content == b"success"


def test_a_verified_success_pays_the_order_and_the_request(client):
    payment = make_payment()
    assert send(client, notice(payment)) == "success"
    payment.refresh_from_db()
    assert payment.status == PaymentStatus.PAID
    assert f"{payment.paid_at:%H:%M:%S}" == "02:12:13"  # UTC; the gateway speaks Beijing time
    assert CardRequest.objects.get().status == RequestStatus.PAID
    row = PaymentNotification.objects.get()
    assert (row.payment, row.is_verified, row.outcome) == (
        payment,
        True,
        NotificationOutcome.APPLIED,
    )


def test_a_doubled_success_is_kept_and_changes_nothing(client):
    payment = make_payment()
    assert [send(client, notice(payment)) for _ in range(3)] == ["success"] * 3
    assert PaymentNotification.objects.filter(outcome=NotificationOutcome.REPEATED).count() == 2
    card_request = CardRequest.objects.get()
    assert card_request.events.filter(action=RequestAction.PAY).count() == 1


def test_a_notification_signed_by_somebody_else_is_forged(client):
    payment = make_payment()
    fields = notice(payment)
    text = rsa2.canonical(fields, without=("sign", "sign_type"))
    forged = fields | {"sign": rsa2.sign(text, pem(new_key()))}
    assert client.post(NOTIFY, forged).content == b"failure"
    assert Payment.objects.get().status == PaymentStatus.PENDING
    row = PaymentNotification.objects.get()
    assert (row.payment, row.is_verified, row.outcome) == (None, False, NotificationOutcome.FORGED)


@pytest.mark.parametrize(
    "change",
    [{"total_amount": "0.01"}, {"trade_status": "TRADE_CLOSED"}, {"out_trade_no": "X"}],
)
def test_a_notification_changed_on_its_way_is_forged(client, change):
    payment = make_payment()
    response = client.post(NOTIFY, trades.signed(notice(payment)) | change)
    assert response.content == b"failure"
    assert outcome() == NotificationOutcome.FORGED
    assert Payment.objects.get().status == PaymentStatus.PENDING


@pytest.mark.parametrize("body", [{}, {"sign": "\x00"}, {"sign": "AAAA", "app_id": "\x00x"}])
def test_nonsense_is_answered_failure_and_no_error(client, body):
    assert client.post(NOTIFY, body).content == b"failure"
    assert outcome() == NotificationOutcome.FORGED


@pytest.mark.parametrize("change", [{"app_id": "another"}, {"seller_id": "another"}])
def test_a_true_notification_for_somebody_else_is_not_ours(client, change):
    payment = make_payment()
    assert send(client, notice(payment, **change)) == "failure"
    assert outcome() == NotificationOutcome.FORGED
    assert Payment.objects.get().status == PaymentStatus.PENDING


@pytest.mark.parametrize("amount", ["9.99", "1000.00"])
def test_a_true_notification_over_another_amount_pays_nothing(client, amount):
    payment = make_payment()
    assert send(client, notice(payment, total_amount=amount)) == "failure"
    assert outcome() == NotificationOutcome.MISMATCH
    assert Payment.objects.get().status == PaymentStatus.PENDING


@pytest.mark.parametrize(
    "change",
    [
        {"total_amount": "１０.00"},
        {"total_amount": "10,00"},
        {"trade_status": "TRADE_PARADE"},
        {"trade_no": "9" * 65},
        {"out_trade_no": "A\x00B"},
        {"gmt_payment": "昨天"},
    ],
)
def test_a_true_notification_that_cannot_be_read_pays_nothing(client, change):
    payment = make_payment()
    assert send(client, notice(payment, **change)) == "failure"
    row = PaymentNotification.objects.get()
    assert (row.is_verified, row.outcome) == (True, NotificationOutcome.UNREADABLE)
    assert Payment.objects.get().status == PaymentStatus.PENDING


@pytest.mark.parametrize("amount", ["10", "10.0", "10.000"])
def test_amounts_are_compared_as_numbers(client, amount):
    payment = make_payment()
    assert send(client, notice(payment, total_amount=amount)) == "success"
    assert Payment.objects.get().status == PaymentStatus.PAID


def test_an_order_that_nobody_knows_is_refused(client):
    payment = make_payment()
    assert send(client, notice(payment, out_trade_no="NOSUCHORDER")) == "failure"
    assert outcome() == NotificationOutcome.UNKNOWN_ORDER


def test_an_order_of_another_gateway_is_not_paid_here(client, settings):
    payment = make_payment()
    settings.ALIPAY_APP_ID, settings.ALIPAY_SELLER_ID = APP_ID, SELLER_ID
    settings.ALIPAY_PUBLIC_KEY = rsa2.public_part(settings.SANDBOX_CASHIER_KEY)
    url = reverse("payments:notify", args=["alipay"])
    assert client.post(url, trades.signed(notice(payment))).content == b"failure"
    assert outcome() == NotificationOutcome.UNKNOWN_ORDER


def test_without_a_configured_key_everything_is_forged(client):
    url = reverse("payments:notify", args=["alipay"])
    fields = {"app_id": "", "seller_id": "", "sign": ""}
    assert client.post(url, fields).content == b"failure"
    assert outcome() == NotificationOutcome.FORGED


def test_a_failure_before_the_success_does_no_harm(client):
    payment = make_payment()
    assert send(client, notice(payment, trade_status="TRADE_FAILED")) == "success"
    assert Payment.objects.get().status == PaymentStatus.FAILED
    assert send(client, notice(payment)) == "success"
    assert CardRequest.objects.get().status == RequestStatus.PAID


@pytest.mark.parametrize("status", ["WAIT_BUYER_PAY", "TRADE_FAILED", "TRADE_CLOSED"])
def test_what_arrives_after_the_success_does_not_undo_it(client, status):
    payment = make_payment()
    send(client, notice(payment))
    assert send(client, notice(payment, trade_status=status)) == "success"
    assert outcome() == NotificationOutcome.REPEATED
    assert Payment.objects.get().status == PaymentStatus.PAID


def test_a_success_that_comes_after_the_order_was_closed_is_not_lost(client):
    payment = make_payment()
    send(client, notice(payment, trade_status="TRADE_CLOSED"))
    assert Payment.objects.get().status == PaymentStatus.CLOSED
    assert send(client, notice(payment)) == "success"
    assert CardRequest.objects.get().status == RequestStatus.PAID


def test_only_what_names_the_order_is_kept_of_a_notification(client):
    payment = make_payment()
    send(client, notice(payment, buyer_logon_id="138****0000", trade_no="9" * 40))
    row = PaymentNotification.objects.values().get()
    assert "138****0000" not in str(row)
    assert len(row["digest"]) == 64
    assert row["order_number"] == payment.reference


def test_only_posts_of_a_known_gateway_and_a_sane_size_are_read(client):
    assert client.get(NOTIFY).status_code == 405
    assert client.post(reverse("payments:notify", args=["wechat"])).status_code == 404
    assert client.post(NOTIFY, {"a": "x" * 70_000}).status_code == 413
    assert not PaymentNotification.objects.exists()


def test_a_notification_needs_no_csrf_token():
    payment = make_payment(at=LATER + timedelta(seconds=1))
    strict = Client(enforce_csrf_checks=True)
    assert send(strict, notice(payment)) == "success"


def test_a_notification_is_read_however_its_form_is_encoded(client):
    fields = trades.signed(notice(make_payment()))
    assert client.post(NOTIFY, fields).content == b"success"  # multipart/form-data
    coded = client.post(NOTIFY, urlencode(fields), "application/x-www-form-urlencoded")
    assert coded.content == b"success"
    assert outcome() == NotificationOutcome.REPEATED


def test_so_many_forged_ones_are_stored_in_an_hour_and_the_rest_counted(client, settings, caplog):
    settings.STRAY_NOTIFICATIONS_PER_HOUR = 2
    payment = make_payment()
    for _ in range(5):
        client.post(NOTIFY, notice(payment, sign="made up"))
    assert PaymentNotification.objects.count() == 2
    assert "4 notifications of sandbox in this hour: FORGED" in caplog.text
    assert send(client, notice(payment)) == "success"
    assert PaymentNotification.objects.count() == 3
