"""Pages of the book of events, newest first. Each page begins where the one before ended.

Nothing is counted, so every page costs the same.
"""

from dataclasses import dataclass

from django.db.models import Q

from apps.encryption import public_keys
from apps.events.models import Event

SIZE = 50


@dataclass(frozen=True)
class EventPage:
    """`newer` and `older` are the cursors of the pages next to this one, "" at an end."""

    events: list[Event]
    newer: str = ""
    older: str = ""


def page(events, *, older_than="", newer_than="", size=SIZE):
    """The page of `events` beyond a cursor, the public key of an event; the first page without."""
    key = _key(older_than or newer_than)
    ascending = key is not None and not older_than
    rows = _walk(events, key, ascending=ascending, limit=size + 1)
    has_more, rows = len(rows) > size, rows[:size]
    if key is not None and (not rows or (ascending and not has_more)):
        return page(events, size=size)
    if ascending:
        rows.reverse()
    return EventPage(
        rows,
        newer=public_keys.of(rows[0]) if key is not None and (has_more or not ascending) else "",
        older=public_keys.of(rows[-1]) if has_more or ascending else "",
    )


def _walk(events, key, *, ascending, limit):
    if key is not None:
        at, pk = key
        # The first condition uses the index; the second one separates rows with the same moment.
        events = (
            events.filter(at__gte=at).filter(Q(at__gt=at) | Q(pk__gt=pk))
            if ascending
            else events.filter(at__lte=at).filter(Q(at__lt=at) | Q(pk__lt=pk))
        )
    order = ("at", "pk") if ascending else ("-at", "-pk")
    return list(events.order_by(*order)[:limit])


def _key(text):
    """(moment, key) of the event that a cursor names; None where it names none."""
    key = public_keys.in_data({"cursor": text}, "cursor", Event)
    found = Event.objects.filter(pk=key).values_list("at", "pk")
    return found.first() if key is not None else None
