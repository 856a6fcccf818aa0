from celery import shared_task
from django.utils import timezone

from apps.common.deadlines import Deadline
from apps.verification import retention

BATCH = 1000


@shared_task
def forget():
    """Codes and single comparisons; the checks themselves stay."""
    at = timezone.now()
    retention.expire_checks(at=at, deadline=Deadline(60))
    retention.forget_codes(at=at, limit=BATCH)
    retention.forget_face_tries(at=at, limit=BATCH)
