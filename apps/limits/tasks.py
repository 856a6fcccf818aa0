from celery import shared_task
from django.utils import timezone

from apps.limits import services

BATCH = 5000


@shared_task
def forget():
    """Delete the counts that no limit reads any more."""
    services.forget(at=timezone.now(), limit=BATCH)
