"""The same story with sockets: notifications, questions and refunds over HTTP."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.cashier import notify
from apps.cashier.models import SandboxNotice
from apps.gateways import wire
from apps.payments import services
from apps.payments.enums import PaymentStatus
from apps.payments.models import Payment
from tests.factories.payments import make_payable, start

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def portal(live_server, settings, monkeypatch, real_post_form):
    monkeypatch.setattr(wire, "post_form", real_post_form)
    settings.PORTAL_URL = live_server.url
    return live_server


def test_an_order_is_paid_told_asked_about_and_refunded(portal, at_cashier):
    now = timezone.now()
    payment, url = start(make_payable(at=now), at=now)
    cashier = at_cashier(url)
    Client().post(cashier, {"outcome": "TRADE_SUCCESS", "delay_seconds": "0"})
    notify.deliver_due(at=timezone.now(), limit=10)
    assert CardRequest.objects.get().status == RequestStatus.PAID
    payment = Payment.objects.get()
    services.refund(payment=payment, reason="x", by=None, at=now)
    services.send_refund(payment=payment, at=timezone.now())
    assert payment.status == PaymentStatus.REFUNDED


def test_a_trade_goes_on_after_the_portal_has_moved_to_another_port(portal, settings, at_cashier):
    now, here = timezone.now(), portal.url
    settings.PORTAL_URL = "http://127.0.0.1:1"
    payment, url = start(make_payable(at=now), at=now)
    cashier = at_cashier(url)
    settings.PORTAL_URL = here
    answer = Client().post(cashier, {"outcome": "TRADE_SUCCESS", "delay_seconds": "0"})
    assert answer.url == reverse("payments:return", args=[payment.reference])
    notify.deliver_due(at=timezone.now(), limit=10)
    assert SandboxNotice.objects.get().delivered_at is not None
    assert CardRequest.objects.get().status == RequestStatus.PAID


@pytest.mark.parametrize("path", ["/payments/notify/nobody/", "/accounts/login/?", "/areas"])
def test_an_answer_that_is_not_200_is_an_error(portal, path):
    with pytest.raises(wire.WireError):
        wire.post_form(portal.url + path, {"a": "b"})


def test_a_closed_port_and_another_scheme_are_errors(real_post_form):
    for url in ("http://127.0.0.1:1/", "file:///etc/hostname", "ftp://example.test/"):
        with pytest.raises(wire.WireError):
            real_post_form(url, {"a": "b"})
