"""verify_integrity knows that refunds belong to payments, and that late money goes back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.cards.models import CardRequest
from apps.payments import integrity, settlement
from apps.payments.enums import NotificationOutcome, PaymentStatus
from apps.payments.models import Discrepancy, Payment, PaymentNotification
from tests.factories.cards import accept, withdraw
from tests.factories.payments import confirm, make_paid, make_payable, make_payment
from tests.guards import without_guards
from tests.payments.test_every_notification import NOTIFICATIONS
from tests.payments.test_notifications import notice, send

pytestmark = pytest.mark.django_db

NOW = timezone.now()
NO_MONEY = {
    "trade_number": "",
    "paid_at": None,
    "refund_began_at": None,
    "refunded_at": None,
    "refund_reason": "",
}


def broken(says):
    (rule,) = [rule for rule in integrity.INVARIANTS if rule.says == says]
    return list(rule.breaches(NOW))


@pytest.fixture
def late():
    """Money that arrived after the withdrawal."""
    payment = make_payment(card_request=make_payable(at=NOW - timedelta(hours=1)), at=NOW)
    withdraw(CardRequest.objects.get(), at=NOW)
    confirm(payment, at=NOW)
    return payment


def test_late_money_that_stays_is_found(late):
    assert broken("到账时已不能用的钱，都在退或退完") == []
    with without_guards():
        Payment.objects.update(status=PaymentStatus.PAID, refund_began_at=None, refund_reason="")
    assert broken("到账时已不能用的钱，都在退或退完") == [late]


def test_a_refund_of_money_that_never_arrived_is_found(late):
    assert broken("退回的钱都到过账") == []
    other = make_payment(card_request=make_payable(at=NOW - timedelta(hours=1)), at=NOW)
    columns = {"trade_number": "T9", "paid_at": NOW, "refund_began_at": NOW, "refund_reason": "x"}
    Payment.objects.filter(pk=other.pk).update(status=PaymentStatus.STALLED, **columns)
    assert broken("退回的钱都到过账") == [other]


def test_a_request_that_goes_on_without_its_money_is_known_to_the_desk(client):
    payment = make_paid(card_request=make_payable(at=NOW - timedelta(hours=1)), at=NOW)
    accept(CardRequest.objects.get(), at=NOW + timedelta(minutes=2))
    send(client, notice(payment) | NOTIFICATIONS["refunded"])
    assert broken("钱已退回而还在办的申请，后台都知道") == []
    with without_guards():
        Discrepancy.objects.all().delete()
    assert broken("钱已退回而还在办的申请，后台都知道") == [payment.card_request]


def test_a_reported_payment_that_nobody_booked_is_found(client):
    payment = make_paid(card_request=make_payable(at=NOW - timedelta(hours=1)), at=NOW)
    send(client, notice(payment))
    assert broken("支付平台通知到账的订单，钱都记下了") == []
    with without_guards():
        Payment.objects.update(status=PaymentStatus.CLOSED, **NO_MONEY)
    assert broken("支付平台通知到账的订单，钱都记下了") == [PaymentNotification.objects.get()]


def test_a_difference_that_was_not_kept_is_found(client):
    payment = make_paid(card_request=make_payable(at=NOW - timedelta(hours=1)), at=NOW)
    send(client, notice(payment, trade_no="T-SECOND"))
    says = "和订单对不上的通知，都记入款项不符"
    assert broken(says) == []
    with without_guards():
        Discrepancy.objects.all().delete()
    row = PaymentNotification.objects.get(outcome=NotificationOutcome.DISCREPANCY)
    assert broken(says) == [row]


def test_a_stalled_refund_that_nobody_tried_again_is_found(late):
    settlement.stall_refund(payment=late, code="x", at=NOW)
    says = "未了结和已支付的订单都按时问过支付平台"
    assert broken(says) == []
    Payment.objects.update(next_check_at=NOW - timedelta(days=1))
    assert broken(says) == [late]
