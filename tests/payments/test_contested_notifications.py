"""Forty notifications of one order at once, through the view, with real threads on PostgreSQL."""

import pytest
from django.test import Client

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.payments.enums import PaymentStatus
from apps.payments.models import Discrepancy, Payment, PaymentNotification
from tests.contests import at_once
from tests.factories.cards import withdraw
from tests.factories.payments import LATER, make_payable, make_payment
from tests.payments.test_notifications import notice, send

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

AT_ONCE = 40


@pytest.mark.parametrize("is_withdrawn", [False, True])
def test_each_is_answered_by_the_protocol_and_leaves_its_record(is_withdrawn):
    payment = make_payment(card_request=make_payable())
    if is_withdrawn:
        withdraw(payment.card_request, at=LATER)
    kinds = ["TRADE_SUCCESS", "TRADE_CLOSED", "TRADE_FAILED", "TRADE_FINISHED"]
    answers = []

    def notify(number):
        fields = notice(payment, trade_status=kinds[number % 4], notify_id=str(number))
        answers.append(send(Client(raise_request_exception=False), fields))

    at_once(*[lambda number=number: notify(number) for number in range(AT_ONCE)])
    assert answers == ["success"] * AT_ONCE
    assert PaymentNotification.objects.filter(payment=payment).count() == AT_ONCE
    found = (Payment.objects.get().status, CardRequest.objects.get().status)
    paid = (PaymentStatus.PAID, RequestStatus.PAID)
    returned = (PaymentStatus.REFUNDING, RequestStatus.WITHDRAWN)
    assert found == (returned if is_withdrawn else paid)


def test_of_an_order_that_nobody_knows_all_are_recorded_as_that():
    """Nothing is locked for it, so all keep the discrepancy at once."""
    fields = notice(make_payment(card_request=make_payable()), out_trade_no="NOSUCHORDER")
    answers = []
    at_once(*[lambda: answers.append(send(Client(), fields)) for _ in range(AT_ONCE)])
    assert answers == ["failure"] * AT_ONCE
    assert set(PaymentNotification.objects.values_list("outcome", flat=True)) == {"UNKNOWN_ORDER"}
    assert Discrepancy.objects.count() == 1
