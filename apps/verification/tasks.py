from celery import shared_task
from django.utils import timezone

from apps.common.deadlines import Deadline
from apps.verification import registry, retention

BATCH = 1000


@shared_task
def forget():
    """Delete what was kept of single tries. The checks themselves stay."""
    at = timezone.now()
    retention.expire_checks(at=at, deadline=Deadline(60))
    for way in registry.every():
        if way.forget is not None:
            way.forget(at=at, limit=BATCH)
