from celery import shared_task
from django.utils import timezone

from apps.cashier import notify

BATCH = 100


@shared_task
def deliver_notices():
    """Deliver the notifications of the sandbox cashier to the portal."""
    notify.deliver_due(at=timezone.now(), limit=BATCH)
