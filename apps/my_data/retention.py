"""Ends what is kept of consents and corrections, each after its time."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from apps.cards.models import CardRequest
from apps.common.moments import began_before
from apps.my_data.models import Correction
from apps.people.models import Consent

_YEAR = timedelta(days=365)


def forget_consents(*, at, limit):
    """Delete consents settings.CONSENT_KEPT_YEARS after the data they were for. Returns how many.

    The data of a person are what was filled in for requests; a consent that nothing was filled in
    under counts from its own end.
    """
    before = began_before(at, settings.CONSENT_KEPT_YEARS * _YEAR)
    still_needed = CardRequest.objects.filter(holder=OuterRef("holder")).filter(
        Q(particulars__forgotten_at__gte=before)
        | Q(particulars__forgotten_at=None, particulars__saved_at__isnull=False)
    )
    due = Consent.objects.filter(
        Q(withdrawn_at=None) | Q(withdrawn_at__lt=before),
        ~Exists(still_needed),
        given_at__lt=before,
    )
    oldest = list(due.order_by("pk").values_list("pk", flat=True)[:limit])
    with transaction.atomic():
        # The database deletes no consent that is not marked (apps/people/guarded.py).
        over = Consent.objects.filter(pk__in=oldest)
        over.filter(over_at=None).update(over_at=at)
        return over.delete()[0]


def forget_corrections(*, at, limit):
    """Empty corrections answered settings.CORRECTION_RETENTION ago. Returns how many."""
    due = Correction.objects.to_forget(began_before(at, settings.CORRECTION_RETENTION))
    oldest = due.order_by("pk").values("pk")[:limit]
    return Correction.objects.filter(pk__in=oldest).update(text="", answer="", forgotten_at=at)
