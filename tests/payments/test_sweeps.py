"""What the worker finds due; running it twice changes nothing more."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.models import CardRequest
from apps.cashier import trades
from apps.cashier.enums import AfterPayment
from apps.cashier.models import SandboxTrade
from apps.cashier.tasks import deliver_notices
from apps.events.models import Event
from apps.payments import services, sweeps, tasks
from apps.payments.enums import DiscrepancyKind, PaymentStatus
from apps.payments.models import Discrepancy, Payment, PaymentNotification
from apps.payments.refunds import REFUNDS
from apps.requests import services as requests
from apps.requests.policies import settled_after
from tests.factories.cards import (
    accept,
    approve,
    collect,
    dispatch,
    produce,
    reject,
)
from tests.factories.payments import (
    confirm,
    make_paid,
    make_payable,
    make_payment,
    make_shipment,
    start,
)
from tests.factories.regions import make_city
from tests.payments.test_notifications import notice, send

pytestmark = pytest.mark.django_db

SUCCESS = {"outcome": "TRADE_SUCCESS", "delay_seconds": "60"}


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def paid_there(now, client, at_cashier):
    """Paid at the cashier, without the portal knowing it yet."""

    def pay(**options):
        payment, url = start(make_payable(at=now - timedelta(hours=1), **options), at=now)
        client.post(at_cashier(url), SUCCESS)
        return payment

    return pay


# Calls of one question about a paid order: the trade, and its bill.
PAID_ASKED = 2


def statuses():
    return set(Payment.objects.values_list("status", flat=True))


def test_what_was_paid_and_never_told_is_found(paid_there, now):
    paid_there()
    sweeps.reconcile(at=now + timedelta(minutes=1), limit=10)
    assert CardRequest.objects.get().status == RequestStatus.PAID


@pytest.fixture
def asked(line):
    """Runs the questions about paid orders at a moment. Returns how many the gateway got."""

    def ask(at):
        before = len(line.methods())
        sweeps.ask_about_paid(at=at, limit=10)
        return len(line.methods()) - before

    return ask


@pytest.fixture
def paid(paid_there, now):
    payment = paid_there()
    sweeps.reconcile(at=now + timedelta(minutes=1), limit=10)
    payment.refresh_from_db()
    return payment


def test_a_paid_order_is_asked_about_in_growing_pauses(paid, asked):
    pauses = []
    for _ in range(7):
        at = paid.next_check_at
        assert asked(at - timedelta(seconds=1)) == 0
        assert asked(at) == PAID_ASKED
        paid.refresh_from_db()
        pauses.append(paid.next_check_at - at)
    hours = [pause / timedelta(hours=1) for pause in pauses]
    assert hours == [1, 6, 24, 72, 168, 168, 168]
    assert statuses() == {PaymentStatus.PAID}


def test_after_the_end_of_its_request_it_is_asked_about_for_a_while_and_once_more(
    paid, asked, now, settings, line
):
    card_request = CardRequest.objects.get()
    for step in (accept, approve, produce, dispatch, collect):
        step(card_request, at=now + timedelta(minutes=2))
    watched_until = card_request.status_since + settings.PAID_ORDER_WATCHED
    assert asked(watched_until - timedelta(seconds=1)) == PAID_ASKED
    line.is_cut = True
    asked(watched_until + timedelta(days=8))
    line.is_cut = False
    assert asked(watched_until + timedelta(days=16)) == PAID_ASKED
    paid.refresh_from_db()
    assert paid.next_check_at is None
    assert asked(watched_until + timedelta(days=999)) == 0


def test_a_notification_that_closes_a_paid_order_is_asked_about_at_once(paid, client, asked):
    report = notice(paid, trade_status="TRADE_CLOSED", trade_no=paid.trade_number)
    assert send(client, report) == "success"
    received = PaymentNotification.objects.latest("pk").received_at
    assert asked(received + timedelta(minutes=2)) == PAID_ASKED


@pytest.mark.parametrize("says_when", [True, False])
def test_a_paid_order_that_is_closed_there_was_sent_back(paid, asked, says_when, monkeypatch):
    """Also where the answer has no time of payment: nothing else closes an order that was paid."""
    trade = SandboxTrade.objects.get()
    trades.go_on(trade, AfterPayment.REFUND, at=paid.paid_at)
    if not says_when:
        query = trades._query

        def forgetful(*args):
            return {k: v for k, v in query(*args).items() if k != "send_pay_date"}

        monkeypatch.setattr(trades, "_query", forgetful)
    assert asked(paid.next_check_at) == 1
    assert statuses() == {PaymentStatus.REFUNDED}
    assert Discrepancy.objects.get().kind == DiscrepancyKind.REFUNDED_THERE
    assert asked(paid.next_check_at + timedelta(days=9)) == 0


def test_a_part_that_went_back_is_found_once_and_then_the_rest(paid, asked, now):
    trade = SandboxTrade.objects.get()
    trades.go_on(trade, AfterPayment.REFUND_PART, at=now)
    for _ in range(2):
        asked(paid.next_check_at)
        paid.refresh_from_db()
    found = Discrepancy.objects.get()
    assert (found.kind, found.amount_fen) == (DiscrepancyKind.PARTLY_REFUNDED, 500)
    assert statuses() == {PaymentStatus.PAID}
    trades.go_on(trade, AfterPayment.REFUND, at=now)
    asked(paid.next_check_at)
    assert statuses() == {PaymentStatus.REFUNDED}


def test_without_a_bill_the_answer_about_the_trade_counts(paid, asked, now, monkeypatch):
    monkeypatch.setattr(
        trades, "_bill_of_order", lambda *args: {"code": "40006", "msg": "no leave"}
    )
    assert asked(paid.next_check_at) == PAID_ASKED
    paid.refresh_from_db()
    trades.go_on(SandboxTrade.objects.get(), AfterPayment.REFUND, at=now)
    asked(paid.next_check_at)
    assert statuses() == {PaymentStatus.REFUNDED}


def test_before_it_is_due_nobody_is_asked(paid_there, now, line):
    paid_there()
    sweeps.reconcile(at=now + timedelta(seconds=1), limit=10)
    assert line.methods() == []


def test_the_pauses_between_questions_grow(now, line):
    payment = make_payment(card_request=make_payable(at=now - timedelta(hours=1)), at=now)
    pauses = []
    for _ in range(10):
        payment.refresh_from_db()
        at = payment.next_check_at
        sweeps.reconcile(at=at, limit=10)
        payment.refresh_from_db()
        pauses.append((payment.next_check_at - at).total_seconds())
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (10, 1800)
    assert len(line.methods()) == 10


def test_one_bad_row_does_not_stop_the_rest(paid_there, now, monkeypatch):
    bad, good = paid_there(), paid_there()
    ask = services.ask

    def ask_or_explode(*, payment, at):
        if payment == bad:
            raise RuntimeError("broken")
        ask(payment=payment, at=at)

    monkeypatch.setattr(services, "ask", ask_or_explode)
    sweeps.reconcile(at=now + timedelta(minutes=1), limit=10)
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (bad.status, good.status) == (PaymentStatus.PENDING, PaymentStatus.PAID)


def test_a_silent_gateway_is_asked_again_later_and_the_reason_is_kept(paid_there, now, line):
    payment = paid_there()
    line.is_cut = True
    sweeps.reconcile(at=now + timedelta(minutes=1), limit=10)
    payment.refresh_from_db()
    assert payment.next_check_at > now + timedelta(minutes=1)
    assert "GatewayUnavailable" in payment.last_error
    line.is_cut = False
    sweeps.reconcile(at=payment.next_check_at, limit=10)
    payment.refresh_from_db()
    assert (payment.status, payment.last_error) == (PaymentStatus.PAID, "")


def test_an_order_that_ran_out_is_closed_there_and_here(now, settings, at_cashier):
    payment, url = start(make_payable(at=now - timedelta(hours=1)), at=now)
    at_cashier(url)
    sweeps.reconcile(at=now + settings.PAYMENT_VALID, limit=10)
    payment.refresh_from_db()
    assert payment.status == PaymentStatus.CLOSED
    assert SandboxTrade.objects.get().trade_status == "TRADE_CLOSED"


def test_the_order_of_a_withdrawn_request_is_closed(now, line):
    payment = make_payment(card_request=make_payable(at=now - timedelta(hours=1)), at=now)
    card_request = CardRequest.objects.get()
    requests.withdraw(card_request=card_request, by=card_request.applicant, at=now)
    sweeps.reconcile(at=now + timedelta(minutes=1), limit=10)
    payment.refresh_from_db()
    assert payment.status == PaymentStatus.CLOSED
    assert line.methods() == ["alipay.trade.close"]


def test_money_of_a_withdrawn_request_is_found_and_sent_back(paid_there, now, line):
    payment = paid_there()
    card_request = CardRequest.objects.get()
    requests.withdraw(card_request=card_request, by=card_request.applicant, at=now)
    sweeps.reconcile(at=now + timedelta(minutes=1), limit=10)
    assert statuses() == {PaymentStatus.REFUNDING}
    sweeps.send_refunds(at=now + timedelta(minutes=2), limit=10)
    payment.refresh_from_db()
    assert payment.status == PaymentStatus.REFUNDED
    assert payment.refunded_at == now + timedelta(minutes=2)
    assert SandboxTrade.objects.get().refunded_at


def test_what_was_paid_for_a_rejected_request_goes_back(paid_there, now, monkeypatch):
    """Also without a refund rule for the rejection: a request without a card is always refunded."""
    monkeypatch.delitem(REFUNDS, RequestAction.REJECT)
    payment = paid_there()
    sweeps.reconcile(at=now + timedelta(minutes=1), limit=10)
    card_request = CardRequest.objects.get()
    accept(card_request, at=now)
    reject(card_request, at=now)
    later = CardRequest.objects.get().status_since + settled_after()
    assert sweeps.begin_refunds(at=later - timedelta(seconds=1), limit=10) == 0
    assert statuses() == {PaymentStatus.PAID}, "the rejection can still be recalled"
    assert sweeps.begin_refunds(at=later, limit=10) == 1
    sweeps.send_refunds(at=later, limit=10)
    payment.refresh_from_db()
    assert payment.status == PaymentStatus.REFUNDED
    assert "退还" in payment.refund_reason


def test_a_refund_that_nobody_answers_is_sent_again(paid_there, now, line):
    payment = paid_there()
    sweeps.reconcile(at=now + timedelta(minutes=1), limit=10)
    payment.refresh_from_db()
    services.refund(payment=payment, reason="x", by=None, at=now + timedelta(minutes=1))
    line.is_cut = True
    sweeps.send_refunds(at=now + timedelta(minutes=2), limit=10)
    assert statuses() == {PaymentStatus.REFUNDING}
    line.is_cut = False
    sweeps.send_refunds(at=now + timedelta(minutes=3), limit=10)
    assert statuses() == {PaymentStatus.REFUNDED}


def test_a_paid_request_that_goes_on_is_not_refunded(now):
    make_paid()
    sweeps.begin_refunds(at=now, limit=10)
    assert statuses() == {PaymentStatus.PAID}


@pytest.mark.parametrize(
    "task", [tasks.reconcile, tasks.send_refunds, tasks.close_unpaid, deliver_notices]
)
def test_a_task_that_runs_twice_changes_nothing_more(task, now, client, at_cashier):
    _, url = start(make_payable(at=now - timedelta(hours=1)), at=now - timedelta(minutes=5))
    client.post(at_cashier(url), {"outcome": "TRADE_SUCCESS", "delay_seconds": "0"})
    _, url = start(make_payable(at=now - settings.UNPAID_LAPSE), at=now)
    client.post(at_cashier(url), SUCCESS)
    refunding = make_paid()
    services.refund(payment=refunding, reason="x", by=None, at=now)
    stale = make_payable(at=now - timedelta(hours=2))
    start(stale, at=now - timedelta(hours=1))
    make_shipment(stale, at=now, city=make_city("370300", "淄博市"))
    confirm(Payment.objects.get(card_request=stale), at=now)

    def rows():
        return (
            sorted(Payment.objects.values_list("pk", "status")),
            sorted(CardRequest.objects.values_list("pk", "status")),
            Event.objects.of_kind(Payment.lifecycle).count(),
        )

    task()
    once = rows()
    task()
    assert rows() == once
