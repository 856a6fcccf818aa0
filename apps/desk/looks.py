"""The logged looks at full personal data."""

from apps.cards.models import CardRequest
from apps.desk import event_kinds
from apps.desk.event_kinds import CaseAction
from apps.events.models import Event
from apps.people.models import Guardianship
from apps.replacement.models import FormalLoss

SHOWN = 10
_KINDS = {
    CardRequest: event_kinds.REQUEST,
    FormalLoss: event_kinds.FORMAL_LOSS,
    Guardianship: event_kinds.GUARDIANSHIP,
}


def kind_of(subject):
    """The kind of the desk's events about the case `subject`."""
    return _KINDS[type(subject)]


def looks_at(subject):
    """The latest looks at a case, the newest first."""
    return _looks(subject).select_related("by__holder").order_by("-pk")[:SHOWN]


def looks_by(user, subject, *, since):
    """The looks of `user` at a case since a moment."""
    return _looks(subject).filter(by=user, at__gte=since)


def _looks(subject):
    return Event.objects.about(kind_of(subject), subject).filter(action=CaseAction.LOOK)
