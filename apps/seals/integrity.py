"""The seals fit the book, and what is due was sealed."""

from apps.common.integrity import PATIENCE, About, Invariant
from apps.events.models import Event
from apps.seals import checking
from apps.seals.models import TreeHead


def _broken_seals(at):
    return checking.verify().findings if TreeHead.objects.exists() else []


def _not_sealed(at):
    """Every event older than `PATIENCE`, where sealing has stopped; the first ones."""
    head = TreeHead.objects.order_by("-number").first()
    late = Event.objects.filter(at__lte=at - PATIENCE, pk__gt=head.last_event_id if head else 0)
    return late.order_by("pk")[: checking.MOST]


INVARIANTS = [
    Invariant("每条存证都和办理记录相符", _broken_seals),
    Invariant("办理记录都按时存证", _not_sealed, About.WORK),
]
