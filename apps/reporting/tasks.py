from celery import shared_task
from django.utils import timezone

from apps.reporting import services


@shared_task
def measure_stages():
    """Measure how long the stages take, for the days that the pages announce."""
    services.recompute(at=timezone.now())
