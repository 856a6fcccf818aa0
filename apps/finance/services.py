"""What the desk writes down about its work on money."""

from apps.desk import services as desk
from apps.desk.event_kinds import REFUND, MoneyAction


def note(*, kind, row, text, by, at):
    """Record how far the work on `row` is; `kind` is the desk's kind of event for it."""
    desk.record(kind=kind, action=MoneyAction.NOTE, by=by, at=at, row=row, reason=text)


def record_list(*, rows, format, by, at):
    """Record that `by` takes a list of `rows` payments as a file. Call it before."""
    facts = {"rows": rows, "format": format}
    desk.record(kind=REFUND, action=MoneyAction.TAKE_LIST, by=by, at=at, facts=facts)
