"""Delivers the cashier's notifications over HTTP until the answer is "success"."""

import logging

from apps.cashier import trades
from apps.cashier.models import RETRY_AFTER, SandboxNotice
from apps.common import leases
from apps.gateways import wire

logger = logging.getLogger(__name__)


def deliver_due(*, at, limit):
    """Send what is due, outside of any transaction. Returns how many were taken.

    After eight failed tries a notification is given up: the portal asks by itself.
    """
    delivered = 0
    for notice in SandboxNotice.objects.due(at).select_related("trade")[:limit]:
        if not _lease(notice, at=at):
            continue
        try:
            text = wire.post_form(notice.trade.portal_notify_url, trades.signed(notice.fields))
            error = "" if text.strip() == "success" else f"answered {text.strip()[:60]!r}"
        except Exception as failure:  # a failing row does not stop the others
            error = f"{type(failure).__name__}: {failure}"[:100]
        if error:
            logger.warning("sandbox notice %s not delivered: %s", notice.pk, error)
            SandboxNotice.objects.filter(pk=notice.pk).update(last_error=error)
        else:
            delivered += SandboxNotice.objects.filter(pk=notice.pk).update(
                delivered_at=at, last_error=""
            )
    return delivered


def _lease(notice, *, at):
    """Push the next try forward before sending. Returns whether this worker may send."""
    is_last = notice.tries + 1 >= len(RETRY_AFTER)
    next_try_at = None if is_last else at + RETRY_AFTER[notice.tries]
    waiting = SandboxNotice.objects.filter(delivered_at=None)
    tries = notice.tries + 1
    return leases.take(notice, "next_try_at", until=next_try_at, among=waiting, tries=tries)
