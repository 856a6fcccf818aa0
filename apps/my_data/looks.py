"""Who of the staff looked at somebody's full data, when and why, as the person reads it."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from apps.common import rooms
from apps.common.templatetags.formats import moment
from apps.events.models import Event
from apps.people.models import Holder

SHOWN = 50


@dataclass(frozen=True)
class StaffLook:
    """`who` is a role and a unit, and the name only where settings.LOOKS_NAME_STAFF is on."""

    at: datetime
    who: str
    what: str
    reason: str

    @property
    def words(self):
        return f"{moment(self.at)}　{self.who}　{self.what}"


def looks_at(holder, *, limit=None):
    """The `StaffLook`s at full data of `holder`, the newest first."""
    records = Holder.objects.records_of(holder)
    found_at = Event.objects.looks().filter(holder_id__in=records)
    events = found_at.select_related("by__holder").order_by("-pk")
    found = [_look(event) for event in (events if limit is None else events[:limit])]
    for room in rooms.modules("personal_data"):
        # In which files and lists somebody's data stood, only the room that writes them knows.
        find = getattr(room, "looks_in_files", None)
        if find is not None:
            found += [
                StaffLook(event.at, _who(event), what, event.reason)
                for event, what in find(holder, limit=limit)
            ]
    found.sort(key=lambda look: look.at, reverse=True)
    return found if limit is None else found[:limit]


def _look(event):
    return StaffLook(event.at, _who(event), event.facts.get("what") or event.label, event.reason)


def _who(event):
    holder = getattr(event.by, "holder", None)
    unit = (holder.department if holder else "") or settings.PORTAL_OPERATOR["name"]
    name = holder.name if holder and settings.LOOKS_NAME_STAFF else ""
    return f"{event.get_role_display()}{name}（{unit}）"
