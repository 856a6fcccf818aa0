from celery import shared_task
from django.utils import timezone

from apps.common.deadlines import Deadline
from apps.person_changes import services

SECONDS = 60


@shared_task
def lapse():
    """Write down which proposals nobody confirmed in time."""
    services.lapse_due(at=timezone.now(), deadline=Deadline(SECONDS))
