from celery import shared_task
from django.utils import timezone

from apps.notices import services

BATCH = 200


@shared_task
def send_notices():
    """Word and send what happened since the last run."""
    at = timezone.now()
    services.collect(at=at, limit=BATCH)
    services.send_due(at=at, limit=BATCH)
