"""Rosters that HR uploaded, without a file behind them."""

from apps.events.enums import Channel, Role
from apps.lifecycle import engine
from apps.people.enums import RosterAction
from apps.people.models import RosterUpload


def make_upload(*, by, at, is_applied=False):
    """An upload that still has to be read, or one that is applied to the end."""
    upload = RosterUpload(by=by, at=at, file_kind="csv", digest="x")
    at_the_desk = {"by": by, "role": Role.STAFF, "at": at, "channel": Channel.ADMIN}
    as_worker = {"by": None, "role": Role.WORKER, "at": at, "channel": Channel.WORKER}
    engine.begin(upload, RosterAction.UPLOAD, **at_the_desk)
    if is_applied:
        engine.move(upload, RosterAction.READ, **as_worker)
        engine.move(upload, RosterAction.APPLY, **at_the_desk)
        engine.move(upload, RosterAction.FINISH, **as_worker)
    return upload
