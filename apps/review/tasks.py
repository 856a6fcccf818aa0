"""The desk's work in the background. Each task takes what is due and may run twice."""

from celery import shared_task
from django.utils import timezone

from apps.common.refusals import Refused
from apps.review.exports import services as exports

BATCH = 200


@shared_task
def write_exports():
    """Write the file of one export: another run takes the next one."""
    export = exports.claim_next(at=timezone.now())
    if export is None:
        return
    try:
        name = exports.write(export=export, at=timezone.now())
    except Refused as refusal:
        exports.refuse(export=export, error=refusal.message, at=timezone.now())
    else:
        exports.finish(export=export, name=name, at=timezone.now())


@shared_task
def delete_expired_exports():
    exports.delete_expired(at=timezone.now(), limit=BATCH)
