"""Every order × every notification × every state of the request: what becomes of the money."""

from datetime import timedelta

import pytest
from django.db import transaction

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.common.integrity import About
from apps.events.enums import AS_WORKER
from apps.lifecycle import engine
from apps.payments import integrity, services, settlement, stalled
from apps.payments.enums import DiscrepancyKind, PaymentAction, PaymentStatus
from apps.payments.models import Discrepancy, Payment, PaymentNotification
from tests.factories.cards import accept, lapse, reject, withdraw
from tests.factories.payments import (
    LATER,
    PICKUP,
    confirm,
    make_paid,
    make_payable,
    make_payment,
    make_shipment,
    start,
)
from tests.factories.people import make_reviewer
from tests.factories.regions import make_city
from tests.payments.test_notifications import notice, send

pytestmark = pytest.mark.django_db

AFTER = LATER + timedelta(minutes=5)
S, R = PaymentStatus, RequestStatus
BEFORE_MONEY = (S.PENDING, S.FAILED, S.CLOSED)

NOTIFICATIONS = {
    "waits": {"trade_status": "WAIT_BUYER_PAY"},
    "failed": {"trade_status": "TRADE_FAILED"},
    "closed": {"trade_status": "TRADE_CLOSED"},
    "success": {},
    "finished": {"trade_status": "TRADE_FINISHED"},
    "second trade": {"trade_no": "T-SECOND"},
    "other amount": {"total_amount": "9.00"},
    "refunded": {"trade_status": "TRADE_CLOSED", "refund_fee": "10.0"},
    "refunded in part": {"refund_fee": "3.00"},
    "closed, refunded in part": {"trade_status": "TRADE_CLOSED", "refund_fee": "3.00"},
}
WITHOUT_MONEY = ("waits", "failed", "closed")
IN_PART = ("refunded in part", "closed, refunded in part")


# --- The states ---------------------------------------------------------------------------------


def changed(payment):
    make_shipment(payment.card_request, city=make_city("370300", "淄博市"))


def picked_up(payment):
    make_shipment(payment.card_request, **PICKUP)


def withdrawn(payment):
    withdraw(CardRequest.objects.get(), at=AFTER)


def lapsed(payment):
    lapse(CardRequest.objects.get(), at=AFTER)


def before_money(status, change=None):
    def make():
        payment = make_payment(card_request=make_payable())
        if status == S.FAILED:
            settlement.fail(payment=payment, at=LATER)
        elif status == S.CLOSED:
            settlement.close(payment=payment, by=None, at=LATER)
        if change is not None:
            change(payment)
        return payment

    return make


def paid_by_another_order():
    first = before_money(S.CLOSED)()
    card_request = CardRequest.objects.get()
    confirm(start(card_request, at=AFTER).payment, at=AFTER)
    return first


def paid(*steps):
    def make():
        payment = make_paid()
        for minute, step in enumerate(steps, start=5):
            step(CardRequest.objects.get(), at=LATER + timedelta(minutes=minute))
        return payment

    return make


def going_back(*actions):
    def make():
        payment = before_money(S.PENDING, withdrawn)()
        confirm(payment, at=AFTER)
        for action in actions:
            columns = {"refunded_at": AFTER} if action == PaymentAction.FINISH_REFUND else {}
            engine.move(payment, action, at=AFTER, **AS_WORKER, **columns)
        return payment

    return make


def given_back_by_hand():
    """The gateway refused, and the desk gave the money back on another way."""
    payment = going_back(PaymentAction.STALL_REFUND)()
    stalled.settle(payment=payment, settlement="转到工资卡", by=make_reviewer(), at=AFTER)
    return payment


def owed():
    """Paid, and the request was rejected: the refund begins when that can't be taken back."""
    payment = paid(accept)()
    row = CardRequest.objects.get()
    reject(row, at=AFTER + timedelta(minutes=2))
    return payment


OWED, BY_HAND = "PAID rejected", "REFUNDED by hand"
# name → (how it is made, whether the request can use money that arrives for the order now)
STATES = {
    **{
        f"{status} {name}": (before_money(status, change), change is None)
        for status in BEFORE_MONEY
        for name, change in {
            "waits": None,
            "changed": changed,
            "picked up": picked_up,
            "withdrawn": withdrawn,
            "lapsed": lapsed,
        }.items()
    },
    "CLOSED paid by another order": (paid_by_another_order, False),
    "PAID": (paid(), False),
    "PAID accepted": (paid(accept), False),
    OWED: (owed, False),
    "REFUNDING": (going_back(), False),
    "STALLED": (going_back(PaymentAction.STALL_REFUND), False),
    "REFUNDED": (going_back(PaymentAction.FINISH_REFUND), False),
    BY_HAND: (given_back_by_hand, False),
}


# These run always, the others in CI.
ALWAYS = ("PENDING waits", "PAID accepted", "STALLED", BY_HAND)


# --- What must become of them -------------------------------------------------------------------


def expected(status, can_use, what, *, is_owed, is_by_hand):
    """(status afterwards, kind of the new discrepancy or None, answer)."""
    arrived = S.PAID if can_use else S.REFUNDING
    if what in WITHOUT_MONEY:
        if what == "failed" and status == S.PENDING:
            return S.FAILED, None, "success"
        if what == "closed" and status in (S.PENDING, S.FAILED):
            return S.CLOSED, None, "success"
        return status, None, "success"
    if what == "other amount":
        return status, DiscrepancyKind.OTHER_AMOUNT, "failure"
    if status in BEFORE_MONEY:
        if what == "refunded":
            return S.REFUNDED, None, "success"
        return arrived, DiscrepancyKind.PARTLY_REFUNDED if what in IN_PART else None, "success"
    if what == "second trade":
        return status, DiscrepancyKind.SECOND_TRADE, "success"
    if is_by_hand and what in ("refunded", *IN_PART):
        return status, DiscrepancyKind.BACK_TWICE, "success"
    if what == "refunded":
        kind = DiscrepancyKind.REFUNDED_THERE if status == S.PAID and not is_owed else None
        return S.REFUNDED, kind, "success"
    if what in IN_PART and status != S.REFUNDED:
        return status, DiscrepancyKind.PARTLY_REFUNDED, "success"
    return status, None, "success"


def broken():
    rules = [rule for rule in integrity.INVARIANTS if rule.about is About.ROWS]
    return [rule.says for rule in rules if list(rule.breaches(AFTER))]


@pytest.mark.parametrize(
    "state",
    [state if state in ALWAYS else pytest.param(state, marks=pytest.mark.slow) for state in STATES],
)
def test_money_is_never_lost_used_twice_or_unseen(state, client):
    make, can_use = STATES[state]
    payment = make()
    before = Payment.objects.get(pk=payment.pk)
    assert before.status == state.split()[0]
    request_before = CardRequest.objects.get().status
    for what, change in NOTIFICATIONS.items():
        with transaction.atomic():
            fields = notice(payment) | change
            answers = [send(client, fields) for _ in range(2)]
            after = Payment.objects.get(pk=payment.pk)
            kinds = list(Discrepancy.objects.values_list("kind", flat=True))
            ways = {"is_owed": state == OWED, "is_by_hand": state == BY_HAND}
            status, kind, answer = expected(before.status, can_use, what, **ways)
            found = (after.status, kinds, answers)
            assert found == (status, [kind] if kind else [], [answer] * 2), what
            is_paid_now = status == S.PAID and before.status in BEFORE_MONEY
            now = R.PAID if is_paid_now else request_before
            assert CardRequest.objects.get().status == now, what
            assert PaymentNotification.objects.count() == 2, what
            assert broken() == [], what
            transaction.set_rollback(True)


def test_a_second_order_of_a_request_is_returned_and_the_first_one_stays(client):
    payment = paid_by_another_order()
    assert send(client, notice(payment)) == "success"
    assert sorted(Payment.objects.values_list("status", flat=True)) == [S.PAID, S.REFUNDING]


def test_a_trade_of_another_order_is_kept_for_the_desk(client):
    other = make_paid()
    payment = make_payment(card_request=make_payable())
    fields = notice(payment, trade_no=other.trade_number)
    assert [send(client, fields) for _ in range(2)] == ["failure"] * 2
    found = Discrepancy.objects.get()
    assert (found.kind, found.payment) == (DiscrepancyKind.TRADE_NUMBER, payment)


def test_money_for_an_order_that_nobody_knows_is_kept_once(client):
    payment = make_payment()
    for _ in range(2):
        assert send(client, notice(payment, out_trade_no="NOSUCHORDER")) == "failure"
    found = Discrepancy.objects.get()
    assert (found.kind, found.payment, found.order_number) == (
        DiscrepancyKind.UNKNOWN_ORDER,
        None,
        "NOSUCHORDER",
    )


def test_what_breaks_on_the_way_is_recorded_and_asked_for_again(client, monkeypatch):
    def explode(*args, **kwargs):
        raise RuntimeError

    payment = make_payment()
    with monkeypatch.context() as patch:
        patch.setattr("apps.payments.settlement.engine.move", explode)
        assert send(client, notice(payment)) == "failure"
    assert PaymentNotification.objects.get().outcome == "BROKEN"
    assert send(client, notice(payment)) == "success"
    assert Payment.objects.get().status == S.PAID


def test_a_query_of_the_worker_applies_the_same_rules(client, monkeypatch):
    payment = make_payment()
    assert send(client, notice(payment) | NOTIFICATIONS["refunded"]) == "success"
    payment.refresh_from_db()
    assert payment.status == S.REFUNDED
    assert payment.refund_reason == settlement.REFUNDED_THERE
    services.ask(payment=payment, at=AFTER)
    assert Payment.objects.get().status == S.REFUNDED
