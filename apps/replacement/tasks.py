from celery import shared_task
from django.utils import timezone

from apps.replacement import retention

BATCH = 1000


@shared_task
def forget():
    """Empty what was written about formal losses that are long over."""
    retention.forget_texts_of_losses(at=timezone.now(), limit=BATCH)
