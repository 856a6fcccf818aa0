"""What the book of events says of the desk's own work."""

from apps.desk import event_kinds
from apps.events.models import Event


def desk_events():
    """Everything that was done at the desk beside the moves of lifecycles."""
    return Event.objects.of_kind(*event_kinds.ALL)


def looks():
    """All looks at the full data of a case or a person."""
    cases = (event_kinds.REQUEST, event_kinds.FORMAL_LOSS, event_kinds.GUARDIANSHIP)
    return Event.objects.of_kind(*cases, event_kinds.HOLDER).filter(action="LOOK")
