"""The table of moves of a payment, and the one function that applies a move.

A payment that is paid is final against late failures; one that failed or was closed is not final
against a late success, because money that arrived is a fact.
"""

from dataclasses import dataclass

from django.db import transaction

from apps.common.refusals import Refused
from apps.payments.enums import RUNNING, PaymentAction, PaymentStatus
from apps.payments.models import PaymentEvent


@dataclass(frozen=True)
class Move:
    """From which statuses to which one; `sources` is empty for the action that begins a row."""

    sources: frozenset
    target: str


BEFORE_MONEY = frozenset({*RUNNING, PaymentStatus.CLOSED})

PAYMENT_MOVES = {
    PaymentAction.CREATE: Move(frozenset(), PaymentStatus.CREATED),
    PaymentAction.SEND: Move(
        frozenset({PaymentStatus.CREATED, PaymentStatus.FAILED}), PaymentStatus.PENDING
    ),
    PaymentAction.CONFIRM: Move(BEFORE_MONEY, PaymentStatus.PAID),
    PaymentAction.FAIL: Move(
        frozenset({PaymentStatus.CREATED, PaymentStatus.PENDING}), PaymentStatus.FAILED
    ),
    PaymentAction.CLOSE: Move(frozenset(RUNNING), PaymentStatus.CLOSED),
    PaymentAction.RETURN: Move(BEFORE_MONEY, PaymentStatus.REFUNDING),
    PaymentAction.REFUND: Move(frozenset({PaymentStatus.PAID}), PaymentStatus.REFUNDING),
    PaymentAction.FINISH_REFUND: Move(frozenset({PaymentStatus.REFUNDING}), PaymentStatus.REFUNDED),
}


class NotPossible(Refused):
    """The table has no such move from the payment's status, or somebody else was first."""


def is_possible(payment, action):
    return payment.status in PAYMENT_MOVES[action].sources


@transaction.atomic
def begin(payment, *, by, at):
    """Save the new `payment` with its first event. A constraint raises IntegrityError."""
    payment.status = PAYMENT_MOVES[PaymentAction.CREATE].target
    payment.save(force_insert=True)
    _record(payment, PaymentAction.CREATE, "", by=by, at=at, reason="")


@transaction.atomic
def move(payment, action, *, by, at, reason="", **changes):
    """Apply `action` to `payment` and write its event, both or neither.

    The row is taken by compare-and-swap on the status it was read with. `by` is None for the
    gateway and the worker; `changes` are further columns of the same statement. The row in memory
    is brought up to date, also when `NotPossible` is raised.
    """
    rule = PAYMENT_MOVES[action]
    old = payment.status
    values = changes | {"status": rule.target}
    taken = old in rule.sources and type(payment).objects.filter(pk=payment.pk, status=old).update(
        **values
    )
    if not taken:
        payment.refresh_from_db()
        raise NotPossible(
            f"这个支付订单现在是「{payment.get_status_display()}」，"
            f"不能办理「{PaymentAction(action).label}」。请刷新页面，查看最新状态。",
            code="wrong_status",
        )
    for name, value in values.items():
        setattr(payment, name, value)
    _record(payment, action, old, by=by, at=at, reason=reason)


def _record(payment, action, old, *, by, at, reason):
    PaymentEvent.objects.create(
        payment=payment,
        action=action,
        from_status=old,
        to_status=payment.status,
        at=at,
        by=by,
        reason=reason,
    )
