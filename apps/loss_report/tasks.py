from celery import shared_task
from django.utils import timezone

from apps.common.deadlines import Deadline
from apps.loss_report import expiry, reminders

BATCH = 200
# Shorter than the pause between two ticks of the beat.
EXPIRY_SECONDS = 25


@shared_task
def expire_loss_reports():
    expiry.expire_due(at=timezone.now(), deadline=Deadline(EXPIRY_SECONDS))


@shared_task
def remind_of_ending_loss_reports():
    reminders.remind_due(at=timezone.now(), limit=BATCH)
