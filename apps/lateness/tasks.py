from celery import shared_task
from django.utils import timezone

from apps.common.deadlines import Deadline
from apps.lateness import services

SECONDS = 240


@shared_task
def tell_overdue():
    """Tell people that something was promised by a day that has passed."""
    services.tell_overdue(at=timezone.now(), deadline=Deadline(SECONDS))
