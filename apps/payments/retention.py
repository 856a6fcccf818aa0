"""Deletes refused notifications. An accepted one stays with its order."""

from django.conf import settings

from apps.payments.enums import NotificationOutcome
from apps.payments.models import PaymentNotification

# About no order of ours: anybody can send any number of these.
STRAY = (NotificationOutcome.FORGED, NotificationOutcome.UNKNOWN_ORDER)


def forget_refused_notifications(*, at, limit):
    """Delete refused notifications older than settings.REFUSED_NOTIFICATION_RETENTION.

    Returns how many.
    """
    old = PaymentNotification.objects.filter(
        outcome__in=STRAY,
        payment=None,
        received_at__lte=at - settings.REFUSED_NOTIFICATION_RETENTION,
    )
    oldest = old.order_by("pk").values("pk")[:limit]
    return PaymentNotification.objects.filter(pk__in=oldest).delete()[0]
