"""Two at once: whatever the order, nothing happens twice and no money is lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.models import CardRequest
from apps.delivery.services import save_shipment
from apps.lifecycle import sweep
from apps.payments import sweeps
from apps.payments.enums import PaymentStatus
from apps.payments.models import Payment
from apps.requests import services as requests
from tests.contests import at_once
from tests.factories.payments import LATER, MAIL, confirm, make_payable, make_payment, start
from tests.factories.regions import make_city

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROUNDS = range(10)


def own(payment):
    """The payment as another process would read it."""
    return Payment.objects.get(pk=payment.pk)


@pytest.mark.parametrize("round_number", ROUNDS)
def test_confirm_and_confirm_count_once(round_number):
    payment = make_payment()
    first, second = own(payment), own(payment)
    assert at_once(lambda: confirm(first), lambda: confirm(second)) == []
    card_request = CardRequest.objects.get(pk=payment.card_request_id)
    assert card_request.status == RequestStatus.PAID
    assert card_request.events.filter(action=RequestAction.PAY).count() == 1
    assert payment.events.filter(to_status=PaymentStatus.PAID).count() == 1


@pytest.mark.parametrize("round_number", ROUNDS)
def test_confirm_and_withdraw_end_paid_or_sent_back(round_number):
    payment = own(make_payment())
    card_request = CardRequest.objects.get(pk=payment.card_request_id)

    def withdraw():
        requests.withdraw(card_request=card_request, by=card_request.applicant, at=LATER)

    refused = at_once(lambda: confirm(payment), withdraw)
    pair = (CardRequest.objects.get(pk=card_request.pk).status, own(payment).status)
    assert pair in {
        (RequestStatus.PAID, PaymentStatus.PAID),
        (RequestStatus.WITHDRAWN, PaymentStatus.REFUNDING),
    }
    assert len(refused) == (1 if pair[0] == RequestStatus.PAID else 0)


@pytest.mark.parametrize("round_number", ROUNDS)
def test_confirm_and_a_dearer_address_never_meet(round_number):
    payment = own(make_payment())
    card_request = CardRequest.objects.get(pk=payment.card_request_id)
    far = make_city("370300", "淄博市")

    def move_house():
        save_shipment(
            card_request=card_request, **MAIL, city=far, by=card_request.applicant, at=LATER
        )

    at_once(lambda: confirm(payment), move_house)
    card_request = CardRequest.objects.get(pk=card_request.pk)
    triple = (card_request.status, own(payment).status, card_request.shipment.postage_fen)
    assert triple in {
        (RequestStatus.PAID, PaymentStatus.PAID, 1000),
        (RequestStatus.SUBMITTED, PaymentStatus.REFUNDING, 1200),
    }


@pytest.mark.parametrize("round_number", ROUNDS)
def test_two_starts_make_one_order(round_number):
    card_request = make_payable()
    first, second = (CardRequest.objects.get(pk=card_request.pk) for _ in range(2))
    at_once(lambda: start(first), lambda: start(second))
    assert Payment.objects.filter(card_request=card_request).count() == 1


@pytest.mark.parametrize("round_number", ROUNDS)
def test_a_lapse_and_a_start_never_leave_an_order_of_a_lapsed_request(round_number):
    now = timezone.now()
    others = [make_payable(at=now - timedelta(days=9)) for _ in range(3)]
    card_request = make_payable(at=now - timedelta(days=9))
    refused = at_once(
        lambda: start(CardRequest.objects.get(pk=card_request.pk), at=now),
        lambda: sweeps.close_unpaid(at=now, limit=0),
    )
    status = CardRequest.objects.get(pk=card_request.pk).status
    is_ordered = Payment.objects.filter(card_request=card_request).exists()
    assert (status, is_ordered, len(refused)) in {
        (RequestStatus.LAPSED, False, 1),
        (RequestStatus.SUBMITTED, True, 0),
    }
    lapsed = CardRequest.objects.filter(status=RequestStatus.LAPSED)
    assert lapsed.filter(pk__in=[other.pk for other in others]).count() == 3


@pytest.mark.parametrize("round_number", range(3))
def test_two_sweeps_let_each_request_lapse_once(round_number, monkeypatch):
    monkeypatch.setattr(sweep, "CHUNK", 2)
    now = timezone.now()
    late = [make_payable(at=now - timedelta(days=9)) for _ in range(7)]
    at_once(*[lambda: sweeps.close_unpaid(at=now, limit=10)] * 2)
    sweeps.close_unpaid(at=now, limit=10)
    for card_request in late:
        assert card_request.events.filter(action=RequestAction.LAPSE).count() == 1
