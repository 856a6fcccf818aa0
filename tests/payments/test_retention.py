"""Stray notifications are deleted; what was said about an order stays with it."""

from datetime import timedelta

import pytest
from django.conf import settings

from apps.cashier import trades
from apps.payments import notifications, retention
from apps.payments.enums import NotificationOutcome
from apps.payments.models import PaymentNotification
from tests.factories.payments import LATER, make_payment
from tests.payments.test_notifications import notice

pytestmark = pytest.mark.django_db

DUE = LATER + settings.REFUSED_NOTIFICATION_RETENTION
TICK = timedelta(seconds=1)


def receive(fields, at=LATER):
    return notifications.receive(gateway="sandbox", fields=fields, body=str(fields), at=at).outcome


def outcomes():
    return set(PaymentNotification.objects.values_list("outcome", flat=True))


def test_forged_and_unknown_ones_go_after_their_time_and_the_others_stay():
    payment = make_payment()
    assert receive({"out_trade_no": "forged"}) == NotificationOutcome.FORGED
    assert (
        receive(trades.signed(notice(payment, out_trade_no="X")))
        == NotificationOutcome.UNKNOWN_ORDER
    )
    assert (
        receive(trades.signed(notice(payment, total_amount="0.01"))) == NotificationOutcome.MISMATCH
    )
    assert receive(trades.signed(notice(payment))) == NotificationOutcome.APPLIED
    assert receive(trades.signed(notice(payment))) == NotificationOutcome.REPEATED
    assert retention.forget_refused_notifications(at=DUE - TICK, limit=10) == 0
    assert retention.forget_refused_notifications(at=DUE, limit=10) == 2
    assert outcomes() == {
        NotificationOutcome.MISMATCH,
        NotificationOutcome.APPLIED,
        NotificationOutcome.REPEATED,
    }
    assert retention.forget_refused_notifications(at=DUE, limit=10) == 0


def test_one_run_takes_no_more_than_its_limit():
    for number in range(3):
        receive({"out_trade_no": f"forged {number}"})
    counts = [retention.forget_refused_notifications(at=DUE, limit=2) for _ in range(3)]
    assert counts == [2, 1, 0]
