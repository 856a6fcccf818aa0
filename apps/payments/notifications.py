"""Receives notifications of a gateway. Only a verified one about a known order has an effect."""

import hashlib
import logging

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils.encoding import force_bytes

from apps.gateways.port import NotVerified, Unreadable, get_gateway
from apps.payments import discrepancies
from apps.payments.enums import DiscrepancyKind
from apps.payments.enums import NotificationOutcome as Outcome
from apps.payments.models import Payment, PaymentNotification
from apps.payments.settlement import apply

logger = logging.getLogger(__name__)

STRAY = (Outcome.FORGED, Outcome.UNREADABLE)
COUNTED_FOR = 2 * 3600  # seconds
ACCEPTED = (Outcome.APPLIED, Outcome.REPEATED, Outcome.DISCREPANCY)


def receive(*, gateway, fields, body, at):
    """Verify a notification, apply it, and store a row about it. Returns the row.

    `fields` is the decoded form, `body` the raw bytes. If the outcome is one of `ACCEPTED`, the
    gateway must get the answer "success"; otherwise it calls again. Whatever happens on the way,
    the row is stored; of those that anybody can send only so many in an hour, with the rest counted
    in the log.
    """
    report, outcome = _read(gateway, fields)
    payment = None
    if report is not None:
        try:
            with transaction.atomic():
                payment, outcome = _apply(report, gateway, at=at)
                return _keep(gateway, fields, body, payment, outcome, at=at)
        except Exception:
            logger.exception("notification of %s about %s", gateway, report.reference)
            payment, outcome = None, Outcome.BROKEN
    return _keep(gateway, fields, body, payment, outcome, at=at)


def _read(gateway, fields):
    """(the report, "") of a genuine notification, else (None, what is wrong with it)."""
    try:
        return get_gateway(gateway).read_notification(fields), ""
    except Unreadable:
        return None, Outcome.UNREADABLE
    except NotVerified:
        return None, Outcome.FORGED


def _apply(report, gateway, *, at):
    payment = Payment.objects.filter(gateway=gateway, reference=report.reference).first()
    if payment is not None:
        return payment, apply(report, payment=payment, at=at)
    if report.tells_of_money:
        discrepancies.find(
            kind=DiscrepancyKind.UNKNOWN_ORDER,
            report=report,
            gateway=gateway,
            payment=None,
            amount_fen=report.amount_fen,
            at=at,
        )
    return None, Outcome.UNKNOWN_ORDER


def _keep(gateway, fields, body, payment, outcome, *, at):
    if outcome not in ACCEPTED:
        logger.warning("notification of %s refused: %s", gateway, outcome)
    row = PaymentNotification(
        payment=payment,
        gateway=gateway,
        digest=hashlib.sha256(force_bytes(body)).hexdigest(),
        order_number=_safe(fields, "out_trade_no", 64),
        trade_status=_safe(fields, "trade_status", 32),
        amount=_safe(fields, "total_amount", 16),
        is_verified=outcome != Outcome.FORGED,
        outcome=outcome,
        received_at=at,
    )
    if payment is not None or outcome not in STRAY or _is_within_limit(gateway, outcome, at=at):
        row.save()
    return row


def _is_within_limit(gateway, outcome, *, at):
    """Whether one more of those that anybody can send is stored; the others are counted."""
    key = f"stray-notifications:{gateway}:{outcome}:{int(at.timestamp()) // 3600}"
    cache.add(key, 0, timeout=COUNTED_FOR)
    try:
        count = cache.incr(key)
    except ValueError:  # the entry went in between
        return True
    if count > settings.STRAY_NOTIFICATIONS_PER_HOUR and count.bit_count() == 1:
        logger.warning("%s notifications of %s in this hour: %s", count, gateway, outcome)
    return count <= settings.STRAY_NOTIFICATIONS_PER_HOUR


def _safe(fields, name, length):
    """The field `name`, cut to `length` and without NUL, which PostgreSQL does not store."""
    return fields.get(name, "").replace("\x00", "")[:length]
