from celery import shared_task
from django.utils import timezone

from apps.common.deadlines import Deadline
from apps.handout import arranging, departments, packing, reminders

BATCH = 500
SECONDS = 60


@shared_task
def advance_boxes():
    """Boxes that were sent, days that are over, and everybody who has to be told."""
    at, deadline = timezone.now(), Deadline(SECONDS)
    packing.pack_sent(at=at, limit=BATCH)
    reminders.end_keeping(at=at, deadline=deadline)
    arranging.end_days(at=at, deadline=deadline)
    arranging.invite_due(at=at, deadline=deadline)
    reminders.remind_due(at=at, deadline=deadline)


@shared_task
def follow_roster():
    """Departments as the roster names them now, with the cards and days that are theirs."""
    departments.follow_roster(at=timezone.now())
