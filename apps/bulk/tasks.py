"""Bulk work in the background. Each task takes what is due and may run twice."""

from celery import shared_task
from django.utils import timezone

from apps.bulk import services, working

BATCH = 200
BULK_ROWS = 200  # a round, at one moment and in one transaction
BULK_ROUNDS = 10


@shared_task
def work_off_bulk_runs():
    """Decide the rows of bulk runs, chunk by chunk."""
    for _ in range(BULK_ROUNDS):
        if not working.work_off(at=timezone.now(), limit=BULK_ROWS):
            break


@shared_task
def forget_dry_runs():
    at = timezone.now()
    services.forget_dry_runs(at=at, limit=BATCH)
    services.forget_sheets(at=at, limit=BATCH)
