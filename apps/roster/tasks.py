from celery import shared_task
from django.utils import timezone

from apps.roster import applying, services

BATCH = 200
ROWS = 500


@shared_task
def read_rosters():
    """Read the uploaded rosters that were too big to be read while the user waits."""
    services.prepare_due(at=timezone.now())


@shared_task
def apply_rosters():
    applying.work_due(at=timezone.now(), limit=ROWS)


@shared_task
def discard_old_rosters():
    services.discard_old(at=timezone.now(), limit=BATCH)
    services.forget_originals(at=timezone.now(), limit=ROWS)
