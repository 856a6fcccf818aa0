"""Records what somebody does at the desk that is no move of a lifecycle."""

from apps.events import services as events
from apps.events.enums import Channel, Role


def record(*, kind, action, by, at, row=None, role=Role.STAFF, **details):
    """Write one event of the desk (`event_kinds`) about `row`, and return it.

    `details` are those of `events.record`. They also name the subject where there is no row, or
    where another number than its `reference` is the public one.
    """
    about = {} if row is None else {"subject_id": row.pk}
    if row is not None and "reference" not in details:
        about["reference"] = row.reference
    return events.record(
        kind=kind, action=action, by=by, role=role, at=at, channel=Channel.ADMIN, **about | details
    )


def record_looks(*, kind, action, rows, by, at, reason, facts):
    """`record` the same look at each of `rows`, (key, reference, key of the person) each."""
    events.record_each(
        kind=kind,
        action=action,
        subjects=rows,
        by=by,
        role=Role.REVIEWER,
        at=at,
        channel=Channel.ADMIN,
        reason=reason,
        facts=facts,
    )
