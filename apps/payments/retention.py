"""What is deleted of what gateways said. A word that was taken about an order stays with it."""

from django.conf import settings

from apps.payments.enums import NotificationOutcome
from apps.payments.models import PaymentNotification

# About no order of ours: anybody can send these, as many as they like.
STRAY = (NotificationOutcome.FORGED, NotificationOutcome.UNKNOWN_ORDER)


def forget_refused_notifications(*, at, limit):
    """Delete stray notifications of settings.REFUSED_NOTIFICATION_RETENTION ago, or earlier.

    Returns how many.
    """
    old = PaymentNotification.objects.filter(
        outcome__in=STRAY,
        payment=None,
        received_at__lte=at - settings.REFUSED_NOTIFICATION_RETENTION,
    )
    oldest = old.order_by("pk").values("pk")[:limit]
    return PaymentNotification.objects.filter(pk__in=oldest).delete()[0]
