from celery import shared_task
from django.utils import timezone

from apps.common.deadlines import Deadline
from apps.reporting import counting, services

# Seconds. A task is ended after five minutes.
COUNT_FOR = 50


@shared_task
def count_events():
    """Add what happened to the counts behind the figures."""
    counting.count_events(deadline=Deadline(COUNT_FOR))


@shared_task
def measure_stages():
    """Measure how long the stages take, for the days that the pages announce; tidy the counts."""
    counting.sum_anew()
    counting.delete_empty()
    services.recompute(at=timezone.now())
