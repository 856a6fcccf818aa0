"""Receives notifications of a gateway. Only a verified one about a known order has an effect."""

import hashlib
import logging

from django.utils.encoding import force_bytes

from apps.payments.enums import NotificationOutcome
from apps.payments.gateways import NotVerified, get_gateway
from apps.payments.models import Payment, PaymentNotification
from apps.payments.settlement import Mismatch, apply

logger = logging.getLogger(__name__)

ACCEPTED = (NotificationOutcome.APPLIED, NotificationOutcome.REPEATED)


def receive(*, gateway, fields, body, at):
    """Verify a notification, apply it, and store a row about it. Returns the row.

    `fields` is the decoded form, `body` the raw bytes. If the outcome is one of `ACCEPTED`, the
    gateway must get the answer "success"; otherwise it calls again.
    """
    payment, outcome = _judge(gateway, fields, at=at)
    if outcome not in ACCEPTED:
        logger.warning("notification of %s refused: %s", gateway, outcome)
    return PaymentNotification.objects.create(
        payment=payment,
        gateway=gateway,
        digest=hashlib.sha256(force_bytes(body)).hexdigest(),
        order_number=_safe(fields, "out_trade_no", 64),
        trade_status=_safe(fields, "trade_status", 32),
        amount=_safe(fields, "total_amount", 16),
        is_verified=outcome != NotificationOutcome.FORGED,
        outcome=outcome,
        received_at=at,
    )


def _judge(gateway, fields, *, at):
    try:
        report = get_gateway(gateway).read_notification(fields)
    except NotVerified:
        return None, NotificationOutcome.FORGED
    payment = Payment.objects.filter(gateway=gateway, reference=report.reference).first()
    if payment is None:
        return None, NotificationOutcome.UNKNOWN_ORDER
    before = payment.status
    if report.amount_fen != payment.amount_fen:
        return payment, NotificationOutcome.MISMATCH
    try:
        apply(report, payment=payment, at=at)
    except Mismatch:
        return payment, NotificationOutcome.MISMATCH
    payment.refresh_from_db(fields=["status"])
    return (
        payment,
        NotificationOutcome.REPEATED if payment.status == before else NotificationOutcome.APPLIED,
    )


def _safe(fields, name, length):
    """The field `name`, cut to `length` and without NUL, which PostgreSQL does not store."""
    return fields.get(name, "").replace("\x00", "")[:length]
