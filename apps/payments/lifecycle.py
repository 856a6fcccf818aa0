"""The lives of a payment, and of money that matches no order.

A payment that is paid is final against late failures; one that failed or was closed is not final
against a late success, because money that arrived is a fact.
"""

from apps.cards.lifecycle import RECALLABLE, REQUEST
from apps.events.enums import Role
from apps.lifecycle.tables import Follows, Lifecycle, move
from apps.payments.enums import (
    BEFORE_MONEY,
    RUNNING,
    SENT_BACK,
    DiscrepancyAction,
    DiscrepancyStatus,
    PaymentAction,
    PaymentStatus,
)
from apps.payments.refunds import REFUNDS, begun

PAYER = (Role.HOLDER, Role.GUARDIAN)

PAYMENT = Lifecycle(
    name="payment",
    label="Payment (支付订单)",
    noun="这个支付订单",
    statuses=PaymentStatus,
    actions=PaymentAction,
    holder="card_request__holder",
    follows=Follows(
        REQUEST,
        path="card_request",
        moves={
            action: PaymentAction.REFUND for action in REFUNDS if action not in RECALLABLE.values()
        },
        details=lambda action, at: begun(REFUNDS[action].reason, at=at),
    ),
    moves={
        PaymentAction.CREATE: move((), PaymentStatus.CREATED, *PAYER),
        PaymentAction.SEND: move(
            {PaymentStatus.CREATED, PaymentStatus.FAILED}, PaymentStatus.PENDING, *PAYER
        ),
        PaymentAction.CONFIRM: move(BEFORE_MONEY, PaymentStatus.PAID, Role.GATEWAY),
        PaymentAction.FAIL: move(
            {PaymentStatus.CREATED, PaymentStatus.PENDING}, PaymentStatus.FAILED, Role.GATEWAY
        ),
        PaymentAction.CLOSE: move(RUNNING, PaymentStatus.CLOSED, *PAYER, Role.WORKER, Role.GATEWAY),
        PaymentAction.RETURN: move(BEFORE_MONEY, PaymentStatus.REFUNDING, Role.GATEWAY),
        PaymentAction.REFUND: move(
            {PaymentStatus.PAID}, PaymentStatus.REFUNDING, Role.REVIEWER, Role.WORKER
        ),
        PaymentAction.STALL_REFUND: move(
            {PaymentStatus.REFUNDING}, PaymentStatus.STALLED, Role.WORKER
        ),
        PaymentAction.RETRY_REFUND: move(
            {PaymentStatus.STALLED}, PaymentStatus.REFUNDING, Role.REVIEWER, Role.STAFF
        ),
        PaymentAction.FINISH_REFUND: move(
            SENT_BACK, PaymentStatus.REFUNDED, Role.WORKER, Role.GATEWAY
        ),
        PaymentAction.SETTLE_REFUND: move(
            {PaymentStatus.STALLED}, PaymentStatus.REFUNDED, Role.REVIEWER, Role.STAFF
        ),
        PaymentAction.GATEWAY_REFUND: move(
            {PaymentStatus.PAID}, PaymentStatus.REFUNDED, Role.GATEWAY
        ),
    },
)

DISCREPANCY = Lifecycle(
    name="discrepancy",
    label="Discrepancy (款项不符)",
    noun="这笔款项",
    statuses=DiscrepancyStatus,
    actions=DiscrepancyAction,
    holder="holder",
    moves={
        DiscrepancyAction.FIND: move((), DiscrepancyStatus.OPEN, Role.GATEWAY),
        DiscrepancyAction.SETTLE: move(
            {DiscrepancyStatus.OPEN}, DiscrepancyStatus.SETTLED, Role.REVIEWER, Role.STAFF
        ),
    },
)
