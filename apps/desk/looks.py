"""The logged looks at full personal data."""

from apps.desk.event_kinds import CaseAction
from apps.events.models import Event

SHOWN = 10


def looks_at(kind, subject):
    """The latest looks at a case, the newest first; `kind` is one of `event_kinds`."""
    looks = Event.objects.about(kind, subject).filter(action=CaseAction.LOOK)
    return looks.select_related("by__holder").order_by("-pk")[:SHOWN]


def looks_by(user, kind, subject, *, since):
    """The looks of `user` at a case since a moment."""
    looks = Event.objects.about(kind, subject).filter(action=CaseAction.LOOK)
    return looks.filter(by=user, at__gte=since)
