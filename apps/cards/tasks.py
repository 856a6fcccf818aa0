from celery import shared_task
from django.utils import timezone

from apps.cards import durations, production, retention

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


@shared_task
def measure_stages():
    """How long the stages take, for the days that the pages announce."""
    durations.recompute(at=timezone.now())


@shared_task
def forget():
    """What the agreements promise to delete by now."""
    at = timezone.now()
    retention.forget_portraits(at=at, limit=BATCH)
    retention.forget_particulars(at=at, limit=BATCH)
    retention.forget_drafts(at=at, limit=BATCH)
    retention.delete_discarded_files(at=at, limit=BATCH)
    production.forget_files(at=at)
    production.forget_uploads(at=at, limit=BATCH)
