"""The back office's work in the background. Each task takes what is due and may run twice."""

from celery import shared_task
from django.utils import timezone

from apps.backoffice.exports import services as exports
from apps.common.refusals import Refused

BATCH = 200
EXPORT_TIME_LIMIT = 1800  # seconds, for the largest file on a slow machine


@shared_task(time_limit=EXPORT_TIME_LIMIT)
def write_exports():
    """Write the file of one export: another run takes the next one."""
    export = exports.lease_next(at=timezone.now())
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
