"""Empties what was written in old inquiries."""

from django.conf import settings

from apps.cards.models import CardRequest
from apps.common.moments import began_before
from apps.inquiries.models import Inquiry


def forget_texts(*, at, limit):
    """Empty the inquiries of requests that ended settings.DATA_RETENTION ago. Returns how many."""
    ended = CardRequest.objects.ended_before(began_before(at, settings.DATA_RETENTION))
    due = Inquiry.objects.filter(card_request__in=ended, forgotten_at=None).order_by("pk")
    return Inquiry.objects.filter(pk__in=due.values("pk")[:limit]).update(
        text="", answer="", forgotten_at=at
    )
