"""What the desk writes down about its work on money."""

from apps.desk import services as desk
from apps.desk.event_kinds import MoneyAction


def note(*, kind, row, text, by, at):
    """Record how far the work on `row` is; `kind` is the desk's kind of event for it."""
    desk.record(kind=kind, action=MoneyAction.NOTE, by=by, at=at, row=row, reason=text)
