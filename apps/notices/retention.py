"""Deletes old messages of the local outbox, and the texts of old messages to people."""

from django.conf import settings

from apps.common.moments import began_before
from apps.notices.models import Notice, OutboxMessage


def forget_outbox(*, at, limit):
    """Delete messages older than settings.OUTBOX_RETENTION. Returns how many."""
    old = OutboxMessage.objects.filter(created_at__lte=at - settings.OUTBOX_RETENTION)
    oldest = old.order_by("pk").values("pk")[:limit]
    return OutboxMessage.objects.filter(pk__in=oldest).delete()[0]


def forget_texts_of_notices(*, at, limit):
    """Empty the messages that were made settings.NOTICE_RETENTION ago. Returns how many.

    The row stays: it says that this event was told to this person, so that it is not told again.
    """
    due = Notice.objects.to_forget(began_before(at, settings.NOTICE_RETENTION)).order_by("pk")
    return Notice.objects.filter(pk__in=due.values("pk")[:limit]).update(text="", forgotten_at=at)


def erase_read(*, user, at):
    """Empty the messages that `user` has read and wants gone. Returns how many."""
    return Notice.objects.read_by(user).update(text="", forgotten_at=at)
