"""Reminders in the background. Each task takes what is due and may run twice."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from apps.common.deadlines import Deadline
from apps.onboarding import reminders, services

BATCH = 50
SECONDS = 60


@shared_task
def work_off_runs():
    """Remind the people of the runs that reviewers started."""
    reminders.work_off(at=timezone.now(), deadline=Deadline(SECONDS))


@shared_task
def remind_due():
    """Remind those whom a rule finds (apps/onboarding/rules.py)."""
    reminders.remind_due(at=timezone.now(), deadline=Deadline(SECONDS))


@shared_task
def forget_runs():
    before = timezone.now() - settings.REMINDER_RUN_RETENTION
    services.forget_runs(before=before, limit=BATCH)
