from celery import shared_task
from django.utils import timezone

from apps.notices import retention, services

BATCH = 200
EVENTS = 2000  # whose messages are made at once


@shared_task
def send_notices():
    """Make and send the messages about what happened since the last run."""
    at = timezone.now()
    services.collect(at=at, limit=EVENTS)
    services.send_due(at=at, limit=BATCH)


@shared_task
def forget():
    """Delete old messages of the local outbox."""
    at = timezone.now()
    retention.forget_outbox(at=at, limit=1000)
    retention.forget_texts_of_notices(at=at, limit=1000)
