import logging

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from apps.common.deadlines import Deadline
from apps.payments import retention, sweeps
from apps.payments.cashier import notify

logger = logging.getLogger(__name__)

BATCH = 100
BATCH_OF_REFUSED = 10_000  # anybody may send what is refused


def nudge(task):
    """Run a periodic task soon. A nudge that is lost costs only time: beat comes along anyway."""
    try:
        task.delay()
    except (OperationalError, OSError) as error:
        logger.warning("%s not nudged: %s", task.name, error)


@shared_task
def reconcile():
    sweeps.reconcile(at=timezone.now(), limit=BATCH)


@shared_task
def send_refunds():
    at = timezone.now()
    sweeps.begin_refunds(at=at, limit=BATCH)
    sweeps.send_refunds(at=at, limit=BATCH)
    sweeps.stall_refunds(at=at, deadline=Deadline(5))


@shared_task
def close_unpaid():
    sweeps.close_unpaid(at=timezone.now(), limit=BATCH)


@shared_task
def deliver_notices():
    """The sandbox cashier calls the portal."""
    notify.deliver_due(at=timezone.now(), limit=BATCH)


@shared_task
def forget():
    """What was refused long ago."""
    retention.forget_refused_notifications(at=timezone.now(), limit=BATCH_OF_REFUSED)
