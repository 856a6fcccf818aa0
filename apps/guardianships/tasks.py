from celery import shared_task
from django.utils import timezone

from apps.common.deadlines import Deadline
from apps.guardianships import services

BATCH = 200
# Shorter than the pause between two ticks of the beat.
END_SECONDS = 240


@shared_task
def delete_old_proofs():
    services.delete_old_proofs(at=timezone.now(), limit=BATCH)


@shared_task
def end_guardianships():
    """Write down that guardianships of children who turned 16 have ended."""
    services.end_due(at=timezone.now(), deadline=Deadline(END_SECONDS))
