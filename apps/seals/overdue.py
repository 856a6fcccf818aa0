"""Which events should have been sealed by now."""

from django.conf import settings
from django.db.models import Exists, OuterRef

from apps.events.models import Event
from apps.seals.models import Leaf, Sealer, TreeHead


def settled_event(sealer):
    """The key up to which no transaction can still add an event; 0 while nothing is settled.

    A head covers what was committed before it, and a transaction ends within
    settings.SEAL_LATE_WITHIN. So what is still missing below the last head that is so old, at the
    time of the last sealing, was slipped in afterwards.
    """
    if sealer is None or sealer.updated_at is None:
        return 0
    since = sealer.updated_at - settings.SEAL_LATE_WITHIN
    heads = TreeHead.objects.filter(sealed_at__lte=since).order_by("-number")
    return heads.values_list("last_event_id", flat=True).first() or 0


def slipped_in():
    """The events that came into the book below the settled ones, and so have no leaf."""
    settled = settled_event(Sealer.objects.filter(pk=Sealer.ONLY).first())
    is_sealed = Exists(Leaf.objects.filter(event=OuterRef("pk")))
    return Event.objects.filter(pk__lte=settled).filter(~is_sealed).order_by("pk")
