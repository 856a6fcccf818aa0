"""What HR does with a roster, each with its line in the desk's own log."""

from django.db import transaction

from apps.desk import event_kinds
from apps.desk.event_kinds import RosterAction
from apps.events import services as events
from apps.events.enums import Channel, Role
from apps.people.roster import applying
from apps.people.roster import services as rosters


@transaction.atomic
def upload_roster(*, content, is_complete, by, at):
    """As `rosters.take_in`; returns the upload and whether it is a new one."""
    upload, is_new = rosters.take_in(content=content, is_complete=is_complete, by=by, at=at)
    if is_new:
        facts = {"file_kind": upload.file_kind, "is_complete": is_complete}
        _log(RosterAction.UPLOAD, upload, by=by, at=at, facts=facts)
    return upload, is_new


@transaction.atomic
def apply_roster(*, upload, typed_count, by, at):
    """As `rosters.apply`; logs how many rows of each kind there are."""
    applying.apply(upload=upload, typed_count=typed_count, by=by, at=at)
    _log(RosterAction.APPLY, upload, by=by, at=at, facts=upload.counts)


@transaction.atomic
def discard_roster(*, upload, by, at):
    """As `rosters.discard`."""
    rosters.discard(upload=upload, by=by, at=at)
    _log(RosterAction.DISCARD, upload, by=by, at=at, facts={})


def _log(action, upload, *, by, at, facts):
    events.record(
        kind=event_kinds.ROSTER,
        action=action,
        by=by,
        role=Role.STAFF,
        at=at,
        channel=Channel.ADMIN,
        subject_id=upload.pk,
        reference=upload.reference,
        facts=facts,
    )
