"""The files of exports: written and deleted in the background. Each task may run twice."""

import logging

from celery import shared_task
from django.utils import timezone

from apps.common.refusals import Refused
from apps.exports import working

logger = logging.getLogger(__name__)

BATCH = 200
NOT_WRITTEN = "服务器的存储暂时不可用，文件没有写成，不是您的问题。请过几分钟再导出一次。"
EXPORT_TIME_LIMIT = 1800  # seconds, for the largest file on a slow machine


@shared_task(time_limit=EXPORT_TIME_LIMIT)
def write_exports():
    """Write the file of one export. The next run takes the next one."""
    export = working.lease_next(at=timezone.now())
    if export is None:
        return
    try:
        name = working.write(export=export, clock=timezone.now)
    except Refused as refusal:
        working.refuse(export=export, error=refusal.message, at=timezone.now())
    except OSError:  # a full disk, most likely
        logger.exception("Export %s could not be written", export.reference)
        working.refuse(export=export, error=NOT_WRITTEN, at=timezone.now())
    else:
        working.finish(export=export, name=name, at=timezone.now())


@shared_task
def delete_expired_exports():
    working.delete_expired(at=timezone.now(), limit=BATCH)
