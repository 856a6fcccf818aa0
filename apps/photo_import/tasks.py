from celery import shared_task
from django.utils import timezone

from apps.photo_import import services, working

BATCH = 200
PICTURES = 100  # up to 0.4 s each; then others have their turn


@shared_task
def work_off_archives():
    """Look at the pictures of archives that were uploaded, and store those of confirmed ones."""
    working.work_due(clock=timezone.now, limit=PICTURES)


@shared_task
def forget_archives():
    services.forget(at=timezone.now(), limit=BATCH)
