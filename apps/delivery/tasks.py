from celery import shared_task
from django.utils import timezone

from apps.delivery import retention

BATCH = 200


@shared_task
def forget():
    """Empty the addresses of requests that ended long ago."""
    retention.forget_shipments(at=timezone.now(), limit=BATCH)
