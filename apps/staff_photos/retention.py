"""Deletes what people were offered and do not need any more."""

from django.conf import settings

from apps.common.moments import began_before
from apps.staff_photos import services


def forget_offers(*, at, limit):
    """Delete the portraits offered settings.OFFERED_PORTRAIT_RETENTION ago. Returns how many.

    Those of people who have received a card since are deleted as well.
    """
    before = began_before(at, settings.OFFERED_PORTRAIT_RETENTION)
    return services.forget_offers(before=before, at=at, limit=limit)
