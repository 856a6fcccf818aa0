"""The desk's work in the background. Each task takes what is due and may run twice."""

from celery import shared_task
from django.utils import timezone

from apps.common.refusals import Refused
from apps.review.bulk import services as bulk
from apps.review.exports import services as exports

BATCH = 200
BULK_ROWS = 25  # a round, at one moment
BULK_ROUNDS = 40
EXPORT_TIME_LIMIT = 1800  # seconds, for the largest file on a slow machine


@shared_task(time_limit=EXPORT_TIME_LIMIT)
def write_exports():
    """Write the file of one export: another run takes the next one."""
    export = exports.claim_next(at=timezone.now())
    if export is None:
        return
    try:
        name = exports.write(export=export, clock=timezone.now)
    except Refused as refusal:
        exports.refuse(export=export, error=refusal.message, at=timezone.now())
    else:
        exports.finish(export=export, name=name, at=timezone.now())


@shared_task
def delete_expired_exports():
    exports.delete_expired(at=timezone.now(), limit=BATCH)


@shared_task
def work_off_bulk_runs():
    """What was started in bulk, row by row."""
    for _ in range(BULK_ROUNDS):
        if not bulk.work_off(at=timezone.now(), limit=BULK_ROWS):
            break


@shared_task
def forget_dry_runs():
    bulk.forget_dry_runs(at=timezone.now(), limit=BATCH)
