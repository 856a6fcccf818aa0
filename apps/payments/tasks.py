from celery import shared_task
from django.utils import timezone

from apps.common.deadlines import Deadline
from apps.payments import retention, sweeps

BATCH = 100
SECONDS = 120  # for one sweep; the next tick goes on
BATCH_OF_REFUSED = 10_000  # anybody may send what is refused


@shared_task
def reconcile():
    sweeps.reconcile(at=timezone.now(), limit=BATCH)


@shared_task
def ask_about_paid():
    """Find refunds that the gateway's side made and whose notifications were lost."""
    sweeps.ask_about_paid(at=timezone.now(), limit=BATCH)


@shared_task
def send_refunds():
    at = timezone.now()
    sweeps.begin_refunds(at=at, deadline=Deadline(SECONDS))
    sweeps.send_refunds(at=at, limit=BATCH)
    sweeps.stall_refunds(at=at, deadline=Deadline(5))


@shared_task
def close_unpaid():
    sweeps.close_unpaid(at=timezone.now(), limit=BATCH, deadline=Deadline(SECONDS))


@shared_task
def forget():
    """Delete notifications that were refused long ago."""
    retention.forget_refused_notifications(at=timezone.now(), limit=BATCH_OF_REFUSED)
