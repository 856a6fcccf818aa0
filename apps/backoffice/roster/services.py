"""What the desk does with a roster and writes into the book."""

from apps.desk import event_kinds
from apps.desk import services as desk
from apps.desk.event_kinds import RosterFileAction


def take_rows_to_mend(*, upload, kind, by, at):
    """Write down that `by` takes the full rows of `upload` that are wrong, as a file of `kind`."""
    desk.record(
        kind=event_kinds.ROSTER_FILE,
        action=RosterFileAction.FETCH,
        by=by,
        at=at,
        row=upload,
        facts={"what": "rows_to_mend", "file_kind": kind},
    )
