from celery import shared_task
from django.utils import timezone

from apps.my_data import closing, retention

BATCH = 200


@shared_task
def forget():
    """Close and empty the accounts of people who left; end consents and corrections."""
    at = timezone.now()
    closing.close_due(at=at, limit=BATCH)
    closing.forget_left(at=at, limit=BATCH)
    retention.forget_consents(at=at, limit=1000)
    retention.forget_corrections(at=at, limit=1000)
