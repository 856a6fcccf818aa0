from celery import shared_task
from django.utils import timezone

from apps.common.deadlines import Deadline
from apps.requests import reopening, retention, sweeps

BATCH = 200
SECONDS = 60  # for one sweep; the next tick goes on


@shared_task
def accept_paid_requests():
    sweeps.accept_paid(at=timezone.now(), deadline=Deadline(SECONDS))


@shared_task
def collect_overdue_requests():
    sweeps.collect_overdue(at=timezone.now(), deadline=Deadline(SECONDS))


@shared_task
def resume_lapsed_requests():
    """Review what applicants took back to change and did not hand in again in time."""
    reopening.resume_lapsed(at=timezone.now(), limit=BATCH)


@shared_task
def forget():
    """Delete what the agreements promise to delete by now."""
    at = timezone.now()
    retention.forget_portraits(at=at, limit=BATCH)
    retention.forget_particulars(at=at, limit=BATCH)
    retention.forget_drafts(at=at, limit=BATCH)
    retention.forget_picture_marks(at=at, limit=BATCH)
    retention.forget_picture_traces(at=at, limit=BATCH)
    retention.delete_discarded_files(at=at, limit=BATCH)
