from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from apps.common.deadlines import Deadline
from apps.people import guardianships, unsent_forms

BATCH = 200
# Shorter than the pause between two ticks of the beat.
END_SECONDS = 240


@shared_task
def delete_old_proofs():
    guardianships.delete_old_proofs(at=timezone.now(), limit=BATCH)


@shared_task
def end_guardianships():
    """Write down that guardianships of children who turned 16 have ended."""
    guardianships.end_due(at=timezone.now(), deadline=Deadline(END_SECONDS))


@shared_task
def clear_sessions():
    """Delete the sessions that have expired."""
    call_command("clearsessions")


@shared_task
def forget_unsent_forms():
    """Delete what was typed before somebody had to sign in again, and did not in time."""
    unsent_forms.forget(at=timezone.now())
