"""What a gateway calls in to say. Only a verified word about a known order moves anything."""

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
    """Judge a notification and keep a row about it; returns the row.

    `fields` is the decoded form, `body` the raw bytes. The gateway wants to hear "success" when
    the outcome is one of `ACCEPTED`, and calls again otherwise.
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
    """PostgreSQL takes no NUL, and a stranger may send anything."""
    return fields.get(name, "").replace("\x00", "")[:length]
