from celery import shared_task
from django.utils import timezone

from apps.staff_photos import retention

BATCH = 200


@shared_task
def forget():
    """Delete the offered portraits whose term is over."""
    retention.forget_offers(at=timezone.now(), limit=BATCH)
