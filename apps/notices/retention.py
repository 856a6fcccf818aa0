"""What is deleted of the messages that the local senders took."""

from django.conf import settings

from apps.notices.models import OutboxMessage


def forget_outbox(*, at, limit):
    """Delete the messages of settings.OUTBOX_RETENTION ago, or earlier. Returns how many."""
    old = OutboxMessage.objects.filter(created_at__lte=at - settings.OUTBOX_RETENTION)
    oldest = old.order_by("pk").values("pk")[:limit]
    return OutboxMessage.objects.filter(pk__in=oldest).delete()[0]
