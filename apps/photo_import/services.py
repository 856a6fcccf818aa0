"""Takes in an archive of pictures, confirms and discards it. `working` does what takes long."""

import logging
from collections import Counter

from django.conf import settings
from django.db import transaction

from apps.common import stored_files
from apps.common.references import new_reference
from apps.events.enums import Channel, Role
from apps.lifecycle import engine
from apps.lifecycle.refusals import NotAllowed
from apps.photo_import import archive_file, matching
from apps.photo_import.enums import ArchiveAction, ArchiveStatus, PictureFinding
from apps.photo_import.models import ArchivedPicture, PhotoArchive
from apps.photo_import.policies import check_any, check_fresh, check_ready
from apps.photo_import.refusals import ArchiveRefused
from apps.requests.models import DiscardedFile

logger = logging.getLogger(__name__)


def take_in(*, file, purpose, by, at):
    """Store the archive in the binary `file`. Returns it, a `PhotoArchive` with its rows.

    The names in it are read and matched at once, its pictures are not looked at yet. Raises
    `UnreadableArchive`, `NotStored`.
    """
    try:
        with archive_file.opened(file) as found:
            rows = matching.rows_of(archive_file.entries(found))
    except OSError as error:
        raise stored_files.NotStored("文件没有传完整，请再选一次。", code="incomplete") from error
    archive = PhotoArchive(purpose=purpose, by=by, at=at)
    archive.file = stored_files.store_file(f"photo-archives/{new_reference()}", file)
    facts = {"purpose": purpose, "pictures": len(rows)}
    try:
        with transaction.atomic():
            engine.begin(
                archive,
                ArchiveAction.UPLOAD,
                by=by,
                role=Role.STAFF,
                at=at,
                channel=Channel.ADMIN,
                facts=facts,
            )
            for row in rows:
                row.archive = archive
            ArchivedPicture.objects.bulk_create(rows)
    except BaseException:
        stored_files.discard([archive.file.name])
        raise
    return archive


def counts_of(*, archive):
    """How many pictures of `archive` have which finding, for the event and the page."""
    found = Counter(archive.pictures.values_list("finding", flat=True))
    return {finding.lower(): found[finding] for finding in PictureFinding}


@transaction.atomic
def confirm(*, archive, by, at):
    """Have the matched pictures of `archive` stored. Raises `ArchiveRefused`."""
    check_ready(archive)
    check_fresh(archive, at=at)
    check_any(archive)
    try:
        engine.move(
            archive,
            ArchiveAction.CONFIRM,
            by=by,
            role=Role.STAFF,
            at=at,
            channel=Channel.ADMIN,
            facts=archive.counts,
        )
    except NotAllowed as refusal:
        raise ArchiveRefused(
            "这些照片现在不能存入，请看最新的状态。", code="not_ready", row=archive
        ) from refusal


@transaction.atomic
def discard(*, archive, by, at):
    """Discard a preview, and delete the pictures. `by` is None for the worker.

    Raises `ArchiveRefused` when it was confirmed or discarded already.
    """
    name = archive.file.name
    try:
        engine.move(
            archive,
            ArchiveAction.DISCARD,
            by=by,
            role=Role.STAFF if by else Role.WORKER,
            at=at,
            channel=Channel.ADMIN if by else Channel.WORKER,
            file="",
        )
    except NotAllowed as refusal:
        raise ArchiveRefused(
            "这些照片已经存入或放弃，请看最新的状态。", code="not_open", row=archive
        ) from refusal
    _throw_away([name, *archive.pictures.values_list("picture", flat=True)], at=at)
    archive.pictures.all().delete()


def throw_away(*, name, at):
    """Have the file `name` of the private storage deleted. Call it where its row is emptied."""
    _throw_away([name], at=at)


def _throw_away(names, *, at):
    DiscardedFile.objects.bulk_create(
        DiscardedFile(name=name, discarded_at=at, next_try_at=at) for name in names if name
    )


def forget(*, at, limit):
    """Discard up to `limit` old previews, and delete the rows of as many that were stored.

    Of an archive that was stored, the event keeps the numbers. Returns how many.
    """
    before = at - settings.PHOTO_ARCHIVE_RETENTION
    old = PhotoArchive.objects.filter(at__lte=before).order_by("at", "pk")
    discarded = 0
    for archive in old.open_previews()[:limit]:
        try:
            discard(archive=archive, by=None, at=at)
            discarded += 1
        except ArchiveRefused:
            continue  # another worker did it
    stored = old.filter(status=ArchiveStatus.STORED).values("pk")
    rows = ArchivedPicture.objects.filter(archive__in=stored).order_by("pk").values("pk")
    ArchivedPicture.objects.filter(pk__in=rows[:limit]).delete()
    return discarded
