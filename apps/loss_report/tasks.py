from celery import shared_task
from django.utils import timezone

from apps.loss_report import expiry, reminders

BATCH = 200


@shared_task
def expire_loss_reports():
    expiry.expire_due(at=timezone.now(), limit=BATCH)
    expiry.close_overtaken(limit=BATCH)


@shared_task
def remind_of_ending_loss_reports():
    reminders.remind_due(at=timezone.now(), limit=BATCH)
