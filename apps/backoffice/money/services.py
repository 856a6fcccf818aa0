"""What the desk writes down about its work on money."""

from apps.desk.event_kinds import MoneyAction
from apps.events import services as events
from apps.events.enums import Channel, Role


def note(*, kind, row, text, by, at):
    """Record how far the work on `row` is; `kind` is the desk's kind of event for it."""
    events.record(
        kind=kind,
        action=MoneyAction.NOTE,
        by=by,
        role=Role.STAFF,
        at=at,
        channel=Channel.ADMIN,
        subject_id=row.pk,
        reference=row.reference,
        reason=text,
    )
