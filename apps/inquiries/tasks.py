from celery import shared_task
from django.utils import timezone

from apps.inquiries import retention

BATCH = 200


@shared_task
def forget():
    """Empty the inquiries of requests that ended long ago."""
    retention.forget_texts(at=timezone.now(), limit=BATCH)
