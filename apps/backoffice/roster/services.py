"""What the desk does with a roster and writes into the book."""

from apps.desk import event_kinds
from apps.desk.event_kinds import RosterFileAction
from apps.events import services as events
from apps.events.enums import Channel, Role


def take_rows_to_mend(*, upload, kind, by, at):
    """Write down that `by` takes the full rows of `upload` that are wrong, as a file of `kind`."""
    events.record(
        kind=event_kinds.ROSTER_FILE,
        action=RosterFileAction.FETCH,
        subject_id=upload.pk,
        reference=upload.reference,
        by=by,
        role=Role.STAFF,
        at=at,
        channel=Channel.ADMIN,
        facts={"what": "rows_to_mend", "file_kind": kind},
    )
