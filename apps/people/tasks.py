from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from apps.people import unsent_forms


@shared_task
def clear_sessions():
    """Delete the sessions that have expired."""
    call_command("clearsessions")


@shared_task
def forget_unsent_forms():
    """Delete what was typed before somebody had to sign in again, and did not in time."""
    unsent_forms.forget(at=timezone.now())
