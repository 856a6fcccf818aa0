"""Empties what was written about old formal losses."""

from django.conf import settings

from apps.common.moments import began_before
from apps.replacement.models import NO_TEXTS, FormalLoss


def forget_texts_of_losses(*, at, limit):
    """Empty the losses decided, or taken back, settings.LOSS_TEXT_RETENTION ago. Returns how many.

    That the card was declared lost, when, why and what was decided stays.
    """
    due = FormalLoss.objects.to_forget(began_before(at, settings.LOSS_TEXT_RETENTION))
    oldest = due.order_by("pk").values("pk")[:limit]
    return FormalLoss.objects.filter(pk__in=oldest).update(**NO_TEXTS, forgotten_at=at)
