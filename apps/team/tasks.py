from celery import shared_task
from django.utils import timezone

from apps.team import sending

BATCH = 100


@shared_task
def send_digests():
    """The mail of the morning to those who decide."""
    at = timezone.now()
    sending.plan(at=at)
    sending.send_due(at=at, limit=BATCH)


@shared_task
def forget():
    sending.forget(at=timezone.now(), limit=1000)
