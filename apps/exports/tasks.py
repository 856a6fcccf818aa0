"""The files of exports: written and deleted in the background. Each task may run twice."""

import logging

from celery import shared_task
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from apps.common.refusals import Refused
from apps.exports import profiles, working
from apps.exports.wording import why_not_written

logger = logging.getLogger(__name__)

BATCH = 200
EXPORT_TIME_LIMIT = 1800  # seconds, for the largest file on a slow machine


@shared_task(time_limit=EXPORT_TIME_LIMIT)
def write_exports():
    """Write the file of one export. The next run takes the next one."""
    export = working.lease_next(at=timezone.now())
    if export is None:
        return
    try:
        name = working.write(export=export, clock=timezone.now)
    except (OperationalError, InterfaceError):
        raise  # The database is away: written again once the lease is over.
    except Exception as error:
        if not isinstance(error, Refused):
            logger.exception("export %s not written", export.reference)
        working.refuse(export=export, error=why_not_written(error), at=timezone.now())
    else:
        working.finish(export=export, name=name, at=timezone.now())


@shared_task
def order_due_sheets():
    """Order the 采集表 of today, where a centre gets one every day."""
    profiles.order_due(at=timezone.now())


@shared_task
def delete_expired_exports():
    working.delete_expired(at=timezone.now(), limit=BATCH)
