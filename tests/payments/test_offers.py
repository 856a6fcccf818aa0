"""What is offered about a payment: to pay, to pay again, or the sentence why not."""

import pytest

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.common.refusals import Refused
from apps.events.enums import Role
from apps.payments import services
from apps.payments.amounts import fees_of
from apps.payments.enums import PaymentStatus
from apps.payments.models import Payment
from apps.payments.offers import to_pay, to_pay_again
from apps.payments.status_words import SHOWN
from tests.factories.cards import make_request, withdraw
from tests.factories.payments import (
    LATER,
    make_addressed,
    make_paid,
    make_payable,
    make_payment,
    start,
)

pytestmark = pytest.mark.django_db


def stored(payment):
    related = ("card_request__holder", "card_request__rule", "card_request__shipment")
    return Payment.objects.select_related(*related).get(pk=payment.pk)


@pytest.mark.parametrize("status", RequestStatus)
def test_no_offer_ends_in_a_refusal_and_a_closed_one_says_what_the_service_says(status):
    card_request = make_addressed(status)
    if status == RequestStatus.SUBMITTED:
        card_request = make_payable()
    found = CardRequest.objects.select_related("rule", "shipment", "holder").get(pk=card_request.pk)
    offer = to_pay(found, url="/pay/", role=Role.HOLDER, at=LATER)
    assert offer.is_open == (status == RequestStatus.SUBMITTED)
    if offer.is_open:
        assert start(found).payment.status == PaymentStatus.PENDING
        return
    fees = fees_of(found, at=LATER)
    with pytest.raises(Refused) as refusal:
        services.start(
            card_request=found,
            amount_fen=fees.total_fen if fees else 1000,
            subject="社会保障卡申领费用",
            by=found.applicant,
            at=LATER,
        )
    assert (offer.why_not, offer.next_step) == (refusal.value.message, refusal.value.next_step)


def test_before_the_address_there_is_nothing_to_pay_yet():
    offer = to_pay(make_request(RequestStatus.SUBMITTED), url="/pay/", role=Role.HOLDER, at=LATER)
    assert "还没有填写收件信息" in offer.why_not


def test_an_order_offers_to_pay_while_its_request_waits():
    payment = make_payment()
    by = payment.created_by
    assert to_pay_again(stored(payment), by=by, at=LATER).words == "继续支付"
    services.close(payment=payment, by=None, at=LATER)
    assert to_pay_again(stored(payment), by=by, at=LATER).words == "重新支付"
    withdraw(payment.card_request, at=LATER)
    assert not to_pay_again(stored(payment), by=by, at=LATER).is_open
    paid = make_paid()
    assert not to_pay_again(stored(paid), by=paid.created_by, at=LATER).is_open


def test_every_status_is_shown():
    assert set(SHOWN) == set(PaymentStatus)
    assert all(shown.icon and shown.title for shown in SHOWN.values())
