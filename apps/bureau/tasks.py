from celery import shared_task
from django.utils import timezone

from apps.bureau import applying, production, readdressing, retention
from apps.bureau.port import BureauUnavailable
from apps.common.deadlines import Deadline

BATCH = 200
# Reports are stored and applied as a whole until then; the next tick goes on.
SECONDS = 120


@shared_task
def advance_production():
    """Send approved requests to each bureau, and fetch and apply its reports.

    Raises `BureauUnavailable` at the end when one could not be reached, so that operators are told.
    """
    at = timezone.now()
    deadline = Deadline(SECONDS)
    while not deadline.has_passed and production.make_batches(at=at, limit=BATCH):
        pass
    production.submit_batches(at=at, limit=BATCH)
    readdressing.tell_addresses(at=at, limit=BATCH)
    _, away = production.fetch_reports(at=at)
    applying.apply_due(at=at, deadline=deadline)
    if away:
        raise BureauUnavailable("、".join(name or "主制卡中心" for name in away))


@shared_task
def forget():
    """Delete old files of the bureaus, and uploads that nobody confirmed."""
    at = timezone.now()
    production.forget_files(at=at)
    production.forget_uploads(at=at, limit=BATCH)
    retention.forget_reports(at=at, limit=BATCH)
    retention.forget_lines(at=at, limit=BATCH)
