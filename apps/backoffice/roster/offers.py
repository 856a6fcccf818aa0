"""What somebody at the desk may do with an uploaded roster now."""

from functools import partial

from apps.common.addresses import page_url, row_url
from apps.common.refusals import Refused
from apps.desk import roles
from apps.events.enums import Role
from apps.lifecycle import engine
from apps.lifecycle.offers import Offers, offer, offer_to_begin
from apps.photo_import import policies as photos
from apps.photo_import.enums import ArchiveAction
from apps.roster.enums import RosterAction
from apps.roster.lifecycle import ROSTER
from apps.roster.policies import check_fresh, check_rematchable


def check_manages(user):
    """Raise `Refused` unless `user` may apply rosters."""
    if not user.has_perm(roles.MANAGE_ROSTER):
        raise Refused("等待审核主管核对后生效。", code="no_permission")


def check_matches(user):
    """Raise `Refused` unless `user` may say which column is which."""
    if not user.has_perm(roles.MANAGE_ROSTER):
        raise Refused("等待审核主管说明哪一列是什么，然后才能读取。", code="no_permission")


def offers(upload, *, by, at) -> Offers:
    """The offers of `upload` for `by`, as far as its table goes on; another one where it failed."""
    found = [
        make(upload, by=by, at=at)
        for action, make in _OFFERS.items()
        if engine.is_allowed(upload, action, role=Role.STAFF, at=at)
    ]
    return Offers(found + ([_upload_again(by=by)] if upload.refusal else []))


def _apply(upload, *, by, at):
    return _offer(
        upload,
        RosterAction.APPLY,
        "确认生效",
        partial(check_fresh, upload, at=at),
        by=by,
        at=at,
        is_main=True,
    )


def _match(upload, *, by, at):
    """The step in which the columns are matched; it is a page."""
    action = RosterAction.MATCH
    return offer(
        upload,
        action,
        words="说明哪一列是什么",
        url=_url(upload, action),
        role=Role.STAFF,
        at=at,
        checks=(partial(check_matches, by),),
        is_main=True,
    )


def _rematch(upload, *, by, at):
    return _offer(
        upload,
        RosterAction.REMATCH,
        "重新对应列",
        partial(check_rematchable, upload),
        by=by,
        at=at,
    )


def _discard(upload, *, by, at):
    return _offer(upload, RosterAction.DISCARD, "放弃这份名册", by=by, at=at)


_OFFERS = {
    RosterAction.MATCH: _match,
    RosterAction.APPLY: _apply,
    RosterAction.DISCARD: _discard,
    RosterAction.REMATCH: _rematch,
}


def _url(upload, action):
    return row_url(f"admin:roster_rosterupload_{action.lower()}", upload.reference)


def _offer(upload, action, words, *checks, by, at, **more):
    return offer(
        upload,
        action,
        words=words,
        url=_url(upload, action),
        role=Role.STAFF,
        at=at,
        checks=(partial(check_manages, by), *checks),
        is_post=True,
        **more,
    )


def _upload_again(*, by):
    return offer_to_begin(
        ROSTER,
        RosterAction.UPLOAD,
        words="重新上传",
        url=page_url("admin:roster_rosterupload_upload"),
        role=Role.STAFF,
        checks=(partial(check_manages, by),),
        is_main=True,
    )


def photo_offers(archive, *, by, at) -> Offers:
    """The offers of an archive of photos for `by`, as far as its table goes on."""
    number = archive.counts.get("matched", 0)
    found = (
        (
            ArchiveAction.CONFIRM,
            f"存入对上的 {number} 张",
            (partial(photos.check_fresh, archive, at=at), partial(photos.check_any, archive)),
        ),
        (ArchiveAction.DISCARD, "放弃这些照片", ()),
    )
    return Offers(
        offer(
            archive,
            action,
            words=words,
            url=row_url(f"admin:roster_rosterupload_photos_{action.lower()}", archive.reference),
            role=Role.STAFF,
            at=at,
            checks=(partial(check_manages, by), *checks),
            is_post=True,
            is_main=action == ArchiveAction.CONFIRM,
        )
        for action, words, checks in found
        if engine.is_allowed(archive, action, role=Role.STAFF, at=at)
    )
