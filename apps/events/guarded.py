"""The book itself: rows are only ever added."""

from apps.events.guards import Guard

EVENTS = Guard("events_event")
GUARDS = (EVENTS,)
