from celery import shared_task

from apps.single_sign_on import services

BATCH = 1000


@shared_task
def forget_tickets():
    """Delete the tickets of sessions that are over."""
    services.forget_tickets(limit=BATCH)
