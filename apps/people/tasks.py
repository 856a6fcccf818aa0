from celery import shared_task
from django.utils import timezone

from apps.people import guardianships

BATCH = 200


@shared_task
def delete_old_proofs():
    guardianships.delete_old_proofs(at=timezone.now(), limit=BATCH)
