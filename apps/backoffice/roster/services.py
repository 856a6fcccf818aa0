"""What HR does with a roster, each with its line in the desk's own log."""

from django.db import transaction

from apps.desk.models import DeskEvent
from apps.desk.models.desk_event import DeskAction
from apps.people.roster import applying
from apps.people.roster import services as rosters


@transaction.atomic
def upload_roster(*, content, is_complete, by, at):
    """As `rosters.take_in`; returns the upload and whether it is a new one."""
    upload, is_new = rosters.take_in(content=content, is_complete=is_complete, by=by, at=at)
    if is_new:
        facts = {"file_kind": upload.file_kind, "is_complete": is_complete}
        _log(DeskAction.ROSTER_UPLOADED, upload, by=by, at=at, facts=facts)
    return upload, is_new


@transaction.atomic
def apply_roster(*, upload, typed_count, by, at):
    """As `rosters.apply`; logs how many rows of each kind there are."""
    applying.apply(upload=upload, typed_count=typed_count, by=by, at=at)
    _log(DeskAction.ROSTER_APPLIED, upload, by=by, at=at, facts=upload.counts)


@transaction.atomic
def discard_roster(*, upload, by, at):
    """As `rosters.discard`."""
    rosters.discard(upload=upload, by=by, at=at)
    _log(DeskAction.ROSTER_DISCARDED, upload, by=by, at=at, facts={})


def _log(action, upload, *, by, at, facts):
    DeskEvent.objects.create(action=action, by=by, at=at, subject=upload.reference, facts=facts)
