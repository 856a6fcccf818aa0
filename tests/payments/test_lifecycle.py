"""A payment moves exactly as its table says."""

from itertools import product

import pytest

from apps.events.enums import Channel, Role
from apps.events.models import Event
from apps.lifecycle import engine
from apps.lifecycle.refusals import NotAllowed, Overtaken
from apps.payments.enums import PaymentAction, PaymentStatus
from apps.payments.lifecycle import PAYMENT
from apps.payments.models import Payment
from tests.factories.payments import LATER, make_payment

pytestmark = pytest.mark.django_db

MONEY = {"trade_number": "T1", "paid_at": LATER}
BEGUN = {"refund_began_at": LATER, "refund_reason": "x"}
DONE = {"refunded_at": LATER}
# The columns that an action writes beside the status.
COLUMNS = {
    PaymentAction.CONFIRM: MONEY,
    PaymentAction.RETURN: MONEY | BEGUN,
    PaymentAction.REFUND: BEGUN,
    PaymentAction.FINISH_REFUND: DONE,
    PaymentAction.SETTLE_REFUND: DONE | {"settlement": "转账"},
    PaymentAction.GATEWAY_REFUND: BEGUN | DONE,
}

# The steps from a payment at the cashier (PENDING) into every status.
WAYS = {
    PaymentStatus.PENDING: (),
    PaymentStatus.PAID: (PaymentAction.CONFIRM,),
    PaymentStatus.FAILED: (PaymentAction.FAIL,),
    PaymentStatus.CLOSED: (PaymentAction.CLOSE,),
    PaymentStatus.REFUNDING: (PaymentAction.CONFIRM, PaymentAction.REFUND),
    PaymentStatus.STALLED: (
        PaymentAction.CONFIRM,
        PaymentAction.REFUND,
        PaymentAction.STALL_REFUND,
    ),
    PaymentStatus.REFUNDED: (
        PaymentAction.CONFIRM,
        PaymentAction.REFUND,
        PaymentAction.FINISH_REFUND,
    ),
}


def step(payment, action):
    rule = PAYMENT.moves[action]
    roles = (Role.WORKER, Role.GATEWAY, Role.HOLDER, Role.REVIEWER)
    role = next(role for role in roles if role in rule.by)
    by = payment.created_by if role in (Role.HOLDER, Role.REVIEWER) else None
    columns = COLUMNS.get(action, {})
    engine.move(payment, action, by=by, role=role, at=LATER, channel=Channel.WEB, **columns)


def payment_in(status):
    payment = make_payment()
    for action in WAYS[status]:
        step(payment, action)
    assert payment.status == status
    return payment


@pytest.mark.parametrize(
    ("status", "action"),
    [pair for pair in product(WAYS, PaymentAction) if pair[1] != PaymentAction.CREATE],
)
def test_a_payment_moves_exactly_as_the_table_says(status, action):
    payment = payment_in(status)
    events = Event.objects.of_kind(PAYMENT).count()
    rule = PAYMENT.moves[action]
    if status in rule.sources:
        step(payment, action)
        event = payment.events.last()
        assert (event.from_status, event.to_status) == (status, rule.target)
        assert Payment.objects.get().status == payment.status == rule.target
    else:
        with pytest.raises(NotAllowed):
            step(payment, action)
        assert Payment.objects.get().status == status
        assert Event.objects.of_kind(PAYMENT).count() == events


def test_paid_is_final_against_failures_and_failed_is_not_against_success():
    moves = PAYMENT.moves
    assert PaymentStatus.PAID not in moves[PaymentAction.FAIL].sources
    assert PaymentStatus.PAID not in moves[PaymentAction.CLOSE].sources
    for status in (PaymentStatus.FAILED, PaymentStatus.CLOSED):
        assert status in moves[PaymentAction.CONFIRM].sources


def test_of_two_who_read_the_same_row_the_second_is_refused():
    first = payment_in(PaymentStatus.PENDING)
    second = Payment.objects.get()
    step(first, PaymentAction.CONFIRM)
    with pytest.raises(Overtaken) as refusal:
        step(second, PaymentAction.CLOSE)
    assert "支付成功" in refusal.value.message
    assert second.status == PaymentStatus.PAID
