from celery import shared_task
from django.utils import timezone

from apps.bureau import production

BATCH = 200


@shared_task
def advance_production():
    """One round with each bureau: send what is approved, fetch and apply what it reports."""
    at = timezone.now()
    production.make_batches(at=at, limit=BATCH)
    production.submit_batches(at=at, limit=BATCH)
    production.fetch_reports(at=at)
    production.apply_reports(at=at, limit=BATCH)


@shared_task
def forget():
    """What was exchanged with the bureau long ago, and uploads that nobody confirmed."""
    at = timezone.now()
    production.forget_files(at=at)
    production.forget_uploads(at=at, limit=BATCH)
