"""Starting, confirming, refunding."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.models import CardRequest
from apps.cards.permissions import NotYours
from apps.delivery.enums import DeliveryMethod
from apps.events.enums import Channel, Role
from apps.payments import services, settlement
from apps.payments.enums import PaymentStatus
from apps.payments.models import Payment
from apps.payments.policies import NotDue
from apps.requests import services as requests
from tests.factories.cards import AT, make_request
from tests.factories.cards import lapse as lapse_request
from tests.factories.payments import (
    LATER,
    confirm,
    make_paid,
    make_payable,
    make_payment,
    make_shipment,
    start,
)
from tests.factories.people import make_holder, make_reviewer
from tests.factories.regions import make_city

pytestmark = pytest.mark.django_db

AFTER = LATER + timedelta(minutes=5)


def withdraw(card_request, *, at=AFTER):
    fresh = CardRequest.objects.get(pk=card_request.pk)
    requests.withdraw(card_request=fresh, by=fresh.applicant, at=at)


def test_a_start_makes_one_order_and_leads_to_the_cashier(settings):
    payment, url = start(make_payable())
    assert payment.status == PaymentStatus.PENDING
    assert payment.amount_fen == 1000
    assert url.startswith(f"{settings.PORTAL_URL}/cashier/gateway.do?")


def test_a_second_start_is_the_same_order(line):
    card_request = make_payable()
    first = start(card_request)
    second = start(card_request, at=AFTER)
    assert first.payment == second.payment
    assert Payment.objects.count() == 1
    assert line.calls == []


def test_a_changed_amount_closes_the_old_order_at_the_gateway_first(line):
    card_request = make_payable()
    old = make_payment(card_request=card_request)
    make_shipment(card_request, city=make_city("370300", "淄博市"))
    card_request = CardRequest.objects.get()
    new, _ = start(card_request, at=AFTER)
    assert line.methods() == ["alipay.trade.close"]
    old.refresh_from_db()
    assert (old.status, new.amount_fen) == (PaymentStatus.CLOSED, 1200)


def test_an_order_that_ran_out_is_replaced(settings):
    card_request = make_payable()
    old = make_payment(card_request=card_request)
    new, _ = start(card_request, at=LATER + settings.PAYMENT_VALID)
    old.refresh_from_db()
    assert old.status == PaymentStatus.CLOSED
    assert new.status == PaymentStatus.PENDING


def test_without_an_answer_of_the_gateway_a_changed_order_is_not_replaced(line):
    card_request = make_payable()
    old = make_payment(card_request=card_request)
    make_shipment(card_request, city=make_city("370300", "淄博市"))
    line.is_cut = True
    with pytest.raises(services.TryLater):
        start(CardRequest.objects.get(), at=AFTER)
    assert Payment.objects.get() == old


@pytest.mark.parametrize("amount_fen", [0, 999, 1200])
def test_another_amount_than_is_due_cannot_be_started(amount_fen):
    card_request = make_payable()
    with pytest.raises(NotDue):
        services.start(
            card_request=card_request,
            amount_fen=amount_fen,
            subject="x",
            by=card_request.applicant,
            at=LATER,
        )
    assert not Payment.objects.exists()


def test_a_stranger_cannot_start_or_waive():
    card_request = make_payable()
    stranger = make_holder().user
    with pytest.raises(NotYours):
        services.start(
            card_request=card_request, amount_fen=1000, subject="x", by=stranger, at=LATER
        )
    with pytest.raises(NotYours):
        services.waive(card_request=card_request, by=stranger, at=LATER)


def test_a_request_that_is_paid_cannot_be_paid_again():
    payment = make_paid()
    card_request = CardRequest.objects.get()
    with pytest.raises(NotDue):
        start(card_request, at=AFTER)
    assert Payment.objects.get() == payment


def test_a_confirmation_moves_payment_and_request_together():
    payment = make_paid()
    card_request = CardRequest.objects.get()
    assert payment.status == PaymentStatus.PAID
    assert card_request.status == RequestStatus.PAID
    event = card_request.events.latest("pk")
    assert (event.action, event.role, event.channel, event.by) == (
        RequestAction.PAY,
        Role.GATEWAY,
        Channel.GATEWAY,
        None,
    )


def test_a_confirmation_said_twice_counts_once():
    payment = make_paid()
    confirm(payment, at=AFTER)
    confirm(Payment.objects.get(), at=AFTER)
    assert payment.events.filter(to_status=PaymentStatus.PAID).count() == 1
    assert CardRequest.objects.get().events.filter(action=RequestAction.PAY).count() == 1


def test_a_failure_of_the_request_s_move_leaves_the_payment_as_it_was(monkeypatch):
    payment = make_payment()

    def explode(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("apps.payments.settlement.engine.move", explode)
    with pytest.raises(RuntimeError):
        confirm(payment)
    assert Payment.objects.get().status == PaymentStatus.PENDING


def test_another_amount_confirms_nothing():
    payment = make_payment()
    with pytest.raises(settlement.Mismatch):
        settlement.confirm(
            payment=payment, trade_number="T1", amount_fen=1, paid_at=LATER, at=LATER
        )
    assert Payment.objects.get().status == PaymentStatus.PENDING


def test_a_trade_number_pays_one_order_only():
    make_paid()
    used = Payment.objects.get().trade_number
    other = make_payment()
    for number in (used, ""):
        with pytest.raises(settlement.Mismatch):
            settlement.confirm(
                payment=other, trade_number=number, amount_fen=1000, paid_at=AFTER, at=AFTER
            )
    other.refresh_from_db()
    assert other.status == PaymentStatus.PENDING


def test_a_late_failure_does_not_undo_a_paid_order():
    payment = make_paid()
    settlement.fail(payment=payment, at=AFTER)
    settlement.close(payment=payment, by=None, at=AFTER)
    assert Payment.objects.get().status == PaymentStatus.PAID


def test_a_late_success_after_a_failure_counts():
    payment = make_payment()
    settlement.fail(payment=payment, at=LATER)
    assert payment.status == PaymentStatus.FAILED
    confirm(payment, at=AFTER)
    assert CardRequest.objects.get().status == RequestStatus.PAID


def test_after_a_failure_the_same_order_is_tried_again():
    card_request = make_payable()
    payment = make_payment(card_request=card_request)
    settlement.fail(payment=payment, at=LATER)
    again, _ = start(card_request, at=AFTER)
    assert (again, again.status) == (payment, PaymentStatus.PENDING)


@pytest.mark.parametrize("end", [withdraw, lapse_request])
def test_money_that_arrives_after_the_end_of_the_request_goes_back(end):
    card_request = make_payable()
    payment = make_payment(card_request=card_request)
    end(CardRequest.objects.get(), at=AFTER)
    confirm(payment, at=AFTER)
    payment.refresh_from_db()
    assert payment.status == PaymentStatus.REFUNDING
    assert payment.trade_number
    assert payment.paid_at
    assert "原路退回" in payment.refund_reason
    assert CardRequest.objects.get().status in (RequestStatus.WITHDRAWN, RequestStatus.LAPSED)


def test_money_for_the_old_address_goes_back_when_the_new_one_costs_more():
    card_request = make_payable()
    payment = make_payment(card_request=card_request)
    make_shipment(card_request, city=make_city("370300", "淄博市"))
    confirm(payment, at=AFTER)
    payment.refresh_from_db()
    assert payment.status == PaymentStatus.REFUNDING
    assert CardRequest.objects.get().status == RequestStatus.SUBMITTED


def test_money_of_a_second_order_goes_back_when_the_first_one_paid(settings):
    card_request = make_payable()
    old = make_payment(card_request=card_request)
    new, _ = start(card_request, at=LATER + settings.PAYMENT_VALID)
    confirm(new, at=AFTER)
    confirm(old, at=AFTER)
    old.refresh_from_db()
    assert old.status == PaymentStatus.REFUNDING
    assert CardRequest.objects.get().status == RequestStatus.PAID


def test_a_pickup_needs_no_payment():
    card_request = make_request(RequestStatus.SUBMITTED)
    make_shipment(card_request, method=DeliveryMethod.PICKUP, branch="历下支行")
    services.waive(card_request=card_request, by=card_request.applicant, at=LATER)
    stored = CardRequest.objects.get()
    assert stored.status == RequestStatus.PAID
    assert stored.events.latest("pk").action == RequestAction.WAIVE


def test_what_costs_something_is_not_waived():
    card_request = make_payable()
    with pytest.raises(NotDue):
        services.waive(card_request=card_request, by=card_request.applicant, at=LATER)
    assert CardRequest.objects.get().status == RequestStatus.SUBMITTED


def test_without_an_address_nothing_is_waived():
    card_request = make_request(RequestStatus.SUBMITTED)
    with pytest.raises(NotDue) as refusal:
        services.waive(card_request=card_request, by=card_request.applicant, at=LATER)
    assert refusal.value.code == "no_shipment"


def test_a_refund_begins_once():
    payment = make_paid()
    reviewer = make_reviewer()
    for _ in range(2):
        services.refund(payment=payment, reason="照片不是本人", by=reviewer, at=AFTER)
    assert payment.status == PaymentStatus.REFUNDING
    event = payment.events.get(to_status=PaymentStatus.REFUNDING)
    assert (event.by, event.reason) == (reviewer, "照片不是本人")


def test_a_request_that_was_never_paid_has_nothing_to_refund():
    card_request = make_request(RequestStatus.REJECTED)
    assert card_request.status == RequestStatus.REJECTED
    assert not Payment.objects.exists()


def test_the_database_holds_one_running_order_per_request():
    payment = make_payment()
    twin = Payment.objects.get()
    twin.pk, twin.reference = None, "another"
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)
    assert Payment.objects.get() == payment


def test_a_holder_sees_only_their_own_orders():
    payment = make_payment()
    own, other = payment.card_request.applicant, make_holder().user
    assert Payment.objects.visible_to(own, at=AT).get() == payment
    assert not Payment.objects.visible_to(other, at=AT).exists()
