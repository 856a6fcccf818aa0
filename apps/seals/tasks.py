"""Periodic work on the seals."""

from celery import shared_task
from django.utils import timezone

from apps.common.deadlines import Deadline
from apps.seals import checking, sending, services

# Seconds. A task is ended after five minutes; sealing is asked for each minute.
SEAL_FOR = 50


@shared_task
def seal_events():
    services.seal(at=timezone.now(), deadline=Deadline(SEAL_FOR))


@shared_task
def send_heads():
    sending.send_due(at=timezone.now())


@shared_task(time_limit=3600)
def check_seals():
    services.record_check(verdict=checking.verify(), at=timezone.now())
