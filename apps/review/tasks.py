"""The reviewers' work in the background. Each task takes what is due and may run twice."""

from celery import shared_task
from django.utils import timezone

from apps.review.bulk import services as bulk

BATCH = 200
BULK_ROWS = 25  # a round, at one moment
BULK_ROUNDS = 40


@shared_task
def work_off_bulk_runs():
    """What was started in bulk, row by row."""
    for _ in range(BULK_ROUNDS):
        if not bulk.work_off(at=timezone.now(), limit=BULK_ROWS):
            break


@shared_task
def forget_dry_runs():
    bulk.forget_dry_runs(at=timezone.now(), limit=BATCH)
