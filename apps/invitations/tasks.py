from celery import shared_task
from django.utils import timezone

from apps.invitations import services

BATCH = 200


@shared_task
def send_invitations():
    services.send_due(at=timezone.now(), limit=BATCH)
