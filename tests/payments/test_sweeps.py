"""What the worker finds due; running it twice changes nothing more."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.models import CardRequest
from apps.cashier.models import SandboxTrade
from apps.cashier.tasks import deliver_notices
from apps.common.refusals import Refused
from apps.events.models import Event
from apps.lifecycle import sweep
from apps.lifecycle.models import Setback
from apps.payments import services, sweeps, tasks
from apps.payments.enums import PaymentStatus
from apps.payments.lifecycle import PAYMENT
from apps.payments.models import Payment
from apps.requests import services as requests
from apps.requests.standing import standing
from tests.factories.cards import accept, make_request, reject
from tests.factories.payments import (
    confirm,
    make_paid,
    make_payable,
    make_payment,
    make_shipment,
    start,
)
from tests.factories.regions import make_city

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


def statuses():
    return set(Payment.objects.values_list("status", flat=True))


def test_what_was_paid_and_never_told_is_found(paid_there, now):
    paid_there()
    sweeps.reconcile(at=now + timedelta(minutes=1), limit=10)
    assert CardRequest.objects.get().status == RequestStatus.PAID


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
    monkeypatch.delitem(PAYMENT.follows.moves, RequestAction.REJECT)
    payment = paid_there()
    sweeps.reconcile(at=now + timedelta(minutes=1), limit=10)
    card_request = CardRequest.objects.get()
    accept(card_request, at=now)
    reject(card_request, at=now)
    sweeps.begin_refunds(at=now + timedelta(minutes=2), limit=10)
    sweeps.send_refunds(at=now + timedelta(minutes=2), limit=10)
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
    "submitted",
    [datetime(2026, 11, 21, 16, 4, tzinfo=UTC), datetime(2026, 11, 22, 15, 58, tzinfo=UTC)],
)
def test_what_nobody_pays_lapses_at_the_end_of_the_day_that_the_page_names(submitted):
    """Submitted on 22 November in Beijing, at five past midnight or just before the next one."""
    card_request = make_request(RequestStatus.SUBMITTED, at=submitted)
    midnight = datetime(2026, 11, 29, 16, tzinfo=UTC)
    moment = midnight - timedelta(seconds=1)
    named = standing(card_request, shipment=None, at=moment).by_when
    assert named.endswith("11月29日（周日）24:00 前办理")
    assert sweeps.close_unpaid(at=moment, limit=10) == 0
    assert sweeps.close_unpaid(at=midnight, limit=10) == 1
    card_request.refresh_from_db()
    assert card_request.status == RequestStatus.LAPSED
    assert card_request.events.get(action=RequestAction.LAPSE).due_at == midnight


def test_a_lapse_closes_the_order_first(now, at_cashier):
    card_request = make_payable(at=now - settings.UNPAID_LAPSE)
    payment, url = start(card_request, at=now)
    at_cashier(url)
    sweeps.close_unpaid(at=now + timedelta(days=1), limit=10)
    payment.refresh_from_db()
    assert payment.status == PaymentStatus.CLOSED
    assert CardRequest.objects.get().status == RequestStatus.LAPSED


def test_a_lapse_that_finds_the_order_paid_accepts_the_money(now, client, at_cashier):
    card_request = make_payable(at=now - settings.UNPAID_LAPSE)
    _, url = start(card_request, at=now)
    client.post(at_cashier(url), SUCCESS)
    sweeps.close_unpaid(at=now + timedelta(days=1), limit=10)
    assert CardRequest.objects.get().status == RequestStatus.PAID
    assert statuses() == {PaymentStatus.PAID}


def test_orders_that_were_not_closed_yet_are_closed_by_the_next_sweep(now):
    late = [make_payable(at=now - settings.UNPAID_LAPSE) for _ in range(2)]
    for card_request in late:
        start(card_request, at=now)
    later = now + timedelta(days=1)
    assert [sweeps.close_unpaid(at=later, limit=1) for _ in range(3)] == [1, 1, 0]


def test_a_request_that_cannot_lapse_keeps_its_reason_and_the_others_go(now, monkeypatch):
    late = [make_payable(at=now - timedelta(days=9)) for _ in range(4)]
    answers = sweeps._without_order

    def one_is_ordered(requests):
        why = Refused("这件申请刚刚下了支付订单，等订单关闭。", code="running_order")
        return answers(requests) | {late[2].pk: why}

    monkeypatch.setattr(sweeps, "_without_order", one_is_ordered)
    assert sweeps.close_unpaid(at=now, limit=10) == 3
    assert Setback.objects.get().subject_id == late[2].pk
    assert sweeps.close_unpaid(at=now, limit=10) == 0
    monkeypatch.undo()
    assert sweeps.close_unpaid(at=now + timedelta(minutes=10), limit=10) == 1
    assert not Setback.objects.exists()


def test_a_sweep_of_lapses_that_dies_is_followed_by_another(now, monkeypatch):
    monkeypatch.setattr(sweep, "CHUNK", 2)
    for _ in range(4):
        make_payable(at=now - timedelta(days=9))
    answers, calls = sweeps._without_order, []

    def die(requests):
        calls.append(requests)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return answers(requests)

    with monkeypatch.context() as patch:
        patch.setattr(sweeps, "_without_order", die)
        with pytest.raises(KeyboardInterrupt):
            sweeps.close_unpaid(at=now, limit=10)
    assert CardRequest.objects.filter(status=RequestStatus.LAPSED).count() == 2
    assert sweeps.close_unpaid(at=now, limit=10) == 2


def test_a_silent_gateway_delays_the_lapse_and_nobody_else_s(now, line):
    held = make_payable(at=now - settings.UNPAID_LAPSE)
    make_payment(card_request=held, at=now)
    other = make_request(RequestStatus.SUBMITTED, at=now - settings.UNPAID_LAPSE)
    line.is_cut = True
    assert sweeps.close_unpaid(at=now + timedelta(days=1), limit=1) == 1
    held.refresh_from_db()
    other.refresh_from_db()
    assert (held.status, other.status) == (RequestStatus.SUBMITTED, RequestStatus.LAPSED)


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
            Event.objects.of_kind(PAYMENT).count(),
        )

    task()
    once = rows()
    task()
    assert rows() == once
