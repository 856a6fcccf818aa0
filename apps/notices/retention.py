"""Deletes old messages of the local outbox."""

from django.conf import settings

from apps.notices.models import OutboxMessage


def forget_outbox(*, at, limit):
    """Delete messages older than settings.OUTBOX_RETENTION. Returns how many."""
    old = OutboxMessage.objects.filter(created_at__lte=at - settings.OUTBOX_RETENTION)
    oldest = old.order_by("pk").values("pk")[:limit]
    return OutboxMessage.objects.filter(pk__in=oldest).delete()[0]
