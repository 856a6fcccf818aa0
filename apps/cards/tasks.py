from celery import shared_task
from django.utils import timezone

from apps.cards import production

BATCH = 200


@shared_task
def accept_paid_requests():
    production.accept_paid(at=timezone.now(), limit=BATCH)


@shared_task
def advance_production():
    """One round with the bureau: send what is approved, fetch and apply what it reports."""
    at = timezone.now()
    production.make_batch(at=at, limit=BATCH)
    production.submit_batches(at=at, limit=BATCH)
    production.fetch_reports(at=at)
    production.apply_reports(at=at, limit=BATCH)


@shared_task
def collect_overdue_requests():
    production.collect_overdue(at=timezone.now(), limit=BATCH)
