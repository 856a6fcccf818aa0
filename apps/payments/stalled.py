"""What the desk does about a refund that the gateway did not make."""

from django.db import transaction

from apps.events.enums import Channel, Role
from apps.lifecycle import engine
from apps.payments.enums import PaymentAction


def retry(*, payment, by, at, role=Role.REVIEWER):
    """Let the worker send the refund again now. Raises `NotAllowed`, `Overtaken`."""
    _move(payment, PaymentAction.RETRY_REFUND, by, role, at, next_check_at=at, check_count=0)


def settle(*, payment, settlement, by, at, role=Role.REVIEWER):
    """Record that the money was given back on another way: the sentence `settlement` says how.

    Raises `NotAllowed`, `Overtaken`.
    """
    _move(
        payment,
        PaymentAction.SETTLE_REFUND,
        by,
        role,
        at,
        reason=settlement,
        settlement=settlement,
        refunded_at=at,
    )


@transaction.atomic
def _move(payment, action, by, role, at, **columns):
    engine.move(payment, action, by=by, role=role, at=at, channel=Channel.ADMIN, **columns)
