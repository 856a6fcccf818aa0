from celery import shared_task
from django.utils import timezone

from apps.bills import fetching, services

BATCH = 10


@shared_task
def fetch_bills():
    """Fetch the gateways' bills of the days that are over, and compare them with our payments."""
    at = timezone.now()
    services.expect_all(at=at)
    fetching.fetch_due(at=at, limit=BATCH)
