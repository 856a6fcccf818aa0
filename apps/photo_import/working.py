"""Looks at the pictures of an archive, and stores those of a confirmed one: the rows are the queue.

One picture at a time is in memory. Each is decoded outside of any transaction, and written down by
compare-and-swap: a worker that is killed leaves nothing half done, and the next one goes on.
"""

import logging
from collections import Counter

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError, transaction
from PIL import Image

from apps.application.portraits import read_offered
from apps.common import stored_files
from apps.common.references import new_reference
from apps.common.refusals import Refused
from apps.events.enums import AS_WORKER
from apps.lifecycle import engine
from apps.lifecycle.refusals import NotAllowed
from apps.photo_import import archive_file
from apps.photo_import.archive_file import UnreadablePicture
from apps.photo_import.enums import ArchiveAction, PictureFinding, PictureOutcome
from apps.photo_import.models import ArchivedPicture, PhotoArchive
from apps.photo_import.refusals import UnreadableArchive
from apps.photo_import.services import counts_of, throw_away
from apps.staff_photos.services import offer_portrait, replace_photo
from apps.verification.pictures import open_upload, to_jpeg

logger = logging.getLogger(__name__)

AT_ONCE = 4  # so few pictures are looked at while the user waits
STORED_AT_ONCE = 40
_MOST_TRIES = 3
_LONGEST_EDGE = 1200  # of a photo that faces are compared with
# Codes of refusals that say nothing about the picture: it is looked at in the next run.
_NOT_NOW = {"busy", "not_stored"}
_LOST = "压缩包在服务器上读不到了，请重新上传。"


def work_due(*, clock, limit):
    """Go on with the archives that are under way, up to `limit` pictures each.

    `clock` returns the present moment.
    """
    for archive in PhotoArchive.objects.under_way().order_by("status_since", "pk"):
        if archive.lease(clock()):
            work(archive=archive, clock=clock, limit=limit)
            archive.release()


def work_at_once(*, archive, clock):
    """Do what is left of a small archive while the user waits; else the worker does."""
    left = archive.pictures.to_read() if archive.is_unread else archive.pictures.to_store()
    most = AT_ONCE if archive.is_unread else STORED_AT_ONCE
    if left.count() > most or not archive.lease(clock()):
        return
    try:
        work(archive=archive, clock=clock, limit=most)
    except OperationalError:
        logger.exception("Archive %s is left to the worker", archive.reference)
    archive.release()


def work(*, archive, clock, limit):
    """Look at up to `limit` pictures of the leased `archive`, or store as many."""
    if archive.is_unread:
        _read(archive, clock, limit)
    elif archive.is_confirmed:
        _store(archive, clock, limit)


def _read(archive, clock, limit):
    try:
        with archive.file.open("rb") as file, archive_file.opened(file) as found:
            for row in archive.pictures.to_read().order_by("place")[:limit]:
                if not (archive.renew(clock()) and _look_at(row, found, archive)):
                    return
    except (UnreadableArchive, OSError):
        logger.exception("Archive %s can't be read", archive.reference)
        _fail(archive, at=clock())
        return
    if not archive.pictures.to_read().exists():
        _finish_reading(archive, at=clock())


def _look_at(row, found, archive):
    """Write down what is found out about the picture of `row`. False where it has to wait."""
    tried = ArchivedPicture.objects.to_read().filter(pk=row.pk)
    if row.tries >= _MOST_TRIES:
        tried.update(finding=PictureFinding.REFUSED, reason="这一张几次都没有看完，请换一张。")
        return True
    tried.update(tries=row.tries + 1)
    try:
        _keep(row, tried, _jpeg(archive_file.content(found, row.place), row.file, archive))
    except (Refused, UnreadablePicture) as refusal:
        if getattr(refusal, "code", "") in _NOT_NOW:
            logger.warning("Archive %s waits: %s", archive.reference, refusal)
            tried.update(tries=row.tries)
            return False
        reason = getattr(refusal, "message", str(refusal))
        tried.update(finding=PictureFinding.REFUSED, reason=reason[:500])
    except (OperationalError, InterfaceError, OSError):
        raise
    except Exception:  # a bug, met by one picture, must not stop the others
        logger.exception("Picture %s of archive %s not read", row.place, archive.reference)
        tried.update(finding=PictureFinding.REFUSED, reason="这一张没有看成，请换一张。")
    return True


def _keep(row, tried, jpeg):
    """Keep the picture `jpeg` of `row` until it is stored for its person."""
    [name] = stored_files.store([(f"photo-archives/{new_reference()}.jpg", jpeg)])
    if not tried.update(finding=PictureFinding.MATCHED, picture=name):
        stored_files.discard([name])  # another worker was first


def _jpeg(content, name, archive):
    """The picture in the bytes `content` as it is stored, a JPEG. Raises `Refused`."""
    if archive.is_offered:
        return read_offered(SimpleUploadedFile(name, content))
    picture = open_upload(SimpleUploadedFile(name, content))
    picture.thumbnail((_LONGEST_EDGE, _LONGEST_EDGE), Image.Resampling.LANCZOS)
    return to_jpeg(picture)


def _fail(archive, *, at):
    with transaction.atomic():
        name = archive.file.name
        if _moved(archive, ArchiveAction.FAIL, at=at, file="", refusal=_LOST):
            throw_away(name=name, at=at)


def _finish_reading(archive, *, at):
    with transaction.atomic():
        name, counts = archive.file.name, counts_of(archive=archive)
        if _moved(archive, ArchiveAction.READ, at=at, file="", counts=counts, facts=counts):
            throw_away(name=name, at=at)


def _store(archive, clock, limit):
    by = archive.events.filter(action=ArchiveAction.CONFIRM).select_related("by").last().by
    waiting = archive.pictures.to_store().select_related("holder__user").order_by("place")
    for row in waiting[:limit]:
        if not (archive.renew(clock()) and _store_one(row, archive, by=by, at=clock())):
            return
    if not archive.pictures.to_store().exists():
        _finish_storing(archive, at=clock())


def _store_one(row, archive, *, by, at):
    """Store the picture of `row` for its person. False where the disk takes nothing now.

    Idempotent: the same picture again is none.
    """
    outcome, reason = PictureOutcome.NOT_STORED, ""
    try:
        if row.holder.left_date is not None:
            reason = "这个人已经离职。"
        else:
            with row.picture.open("rb") as file:
                jpeg = file.read()
            store = offer_portrait if archive.is_offered else replace_photo
            is_new = store(holder=row.holder, jpeg=jpeg, by=by, at=at)
            outcome = PictureOutcome.STORED if is_new else PictureOutcome.SAME
    except stored_files.NotStored:
        return False
    except (Refused, OSError) as error:
        logger.exception("Picture %s of archive %s not stored", row.place, archive.reference)
        reason = getattr(error, "message", "这一张在服务器上读不到了，请重新上传。")
    with transaction.atomic():
        waiting = ArchivedPicture.objects.to_store().filter(pk=row.pk)
        if waiting.update(done_at=at, outcome=outcome, reason=reason, picture=""):
            throw_away(name=row.picture.name, at=at)
    return True


def _finish_storing(archive, *, at):
    found = Counter(archive.pictures.exclude(outcome="").values_list("outcome", flat=True))
    facts = {outcome.lower(): found[outcome] for outcome in PictureOutcome}
    _moved(archive, ArchiveAction.FINISH, at=at, counts=archive.counts | facts, facts=facts)


def _moved(archive, action, *, at, **changes):
    """Move `archive` as the worker. Returns False if another worker has."""
    try:
        engine.move(archive, action, at=at, **AS_WORKER, **changes)
    except NotAllowed:
        return False
    return True
