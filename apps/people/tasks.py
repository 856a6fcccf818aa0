from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from apps.people import guardianships

BATCH = 200


@shared_task
def delete_old_proofs():
    guardianships.delete_old_proofs(at=timezone.now(), limit=BATCH)


@shared_task
def clear_sessions():
    """The sessions that are over: their cookies are worth nothing any more."""
    call_command("clearsessions")
