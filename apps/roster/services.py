"""A staff roster that HR uploads: stores, reads, compares and discards it.

apps.roster.applying applies its rows once the preview is confirmed.
"""

import base64
import hashlib
import json
import logging

from django.conf import settings
from django.db import OperationalError, transaction

from apps.common.visibility import shown
from apps.encryption.fields import blind_index, blind_indexes
from apps.events.enums import AS_WORKER, Channel, Role
from apps.lifecycle import engine
from apps.lifecycle.refusals import NotAllowed
from apps.people import policies
from apps.people.enums import EntryOutcome
from apps.people.models import Holder
from apps.people.refusals import RosterConflict
from apps.roster.enums import RosterAction, RosterStatus, RowKind
from apps.roster.file import check_somebody, take
from apps.roster.known_people import CHUNK
from apps.roster.locating import check_size
from apps.roster.models import SAID_YES_TO, RosterRow, RosterUpload
from apps.roster.reading import find_headings, located_in, remarks_on
from apps.roster.refusals import RosterRefused
from apps.roster.resource import StaffResource
from apps.roster.rows import StaffRow
from apps.sheets import containers
from apps.sheets.cells import UnreadableSheet

logger = logging.getLogger(__name__)

# A file up to this many bytes is read while the user waits, if its sheets are small too.
AT_ONCE_BYTES = 24 * 1024


def take_in(*, content, is_complete, by, at):
    """Store an uploaded file. Returns the upload, and whether it is new.

    If the same file is uploaded again while its preview is open, that upload is returned. A small
    file is checked at once. Raises `UnreadableSheet`.
    """
    check_size(len(content))
    kind = containers.kind(content)
    content_hash = hashlib.sha256(content).hexdigest()
    going_on = (RosterStatus.UPLOADED, RosterStatus.UNMATCHED, RosterStatus.READ)
    known = RosterUpload.objects.in_status(*going_on, at=at).filter(
        digest__in=blind_indexes(content_hash), is_complete=is_complete
    )
    if upload := known.order_by("-pk").first():
        return upload, False
    if _is_small(content):
        located = find_headings(content=content)
        check_somebody(located, take(located))
    upload = RosterUpload(
        by=by,
        at=at,
        file_kind=kind,
        content=base64.b64encode(content).decode(),
        digest=blind_index(content_hash),
        is_complete=is_complete,
    )
    engine.begin(
        upload,
        RosterAction.UPLOAD,
        by=by,
        role=Role.STAFF,
        at=at,
        channel=Channel.ADMIN,
        facts={"file_kind": upload.file_kind, "is_complete": is_complete},
    )
    return upload, True


def _is_small(content):
    """Whether a file that can be read is read while the user waits."""
    try:
        return len(content) <= AT_ONCE_BYTES and bool(containers.kind(content, is_at_once=True))
    except UnreadableSheet:
        return False  # a small file can hold a large sheet


def prepare_at_once(*, upload, at):
    """Read the file of `upload` now if it is small; else the worker does."""
    if upload.is_unread and _is_small(base64.b64decode(upload.content)):
        try:
            prepare(upload=upload, at=at)
        except OperationalError:
            logger.exception("Roster %s is left to the worker", upload.reference)


def prepare(*, upload, at):
    """Read the file of `upload` and store what each row would do. Idempotent."""
    try:
        located = located_in(upload=upload, line=None)
        head = located.headings
        if not head.is_sure:
            _note(upload, RosterAction.ASK, at=at)
            return
        sheet = take(located)
        if not upload.choice:
            check_somebody(located, sheet)
    except UnreadableSheet as refusal:
        _note(upload, RosterAction.FAIL, at=at, refusal=refusal.message, content="")
        return
    rows = StaffRow.of(sheet)
    resource = StaffResource(rows=rows, photo_folder=None, by=upload.by, at=at)
    result = resource.run(dry_run=True)
    found = [
        _found(upload, row, row_result)
        for row, row_result in zip(rows, result.rows, strict=True)
        if row.outcome != EntryOutcome.UNCHANGED or row.problems or row.notes
    ]
    remarks = remarks_on(sheet=sheet, head=head)
    if upload.is_complete:
        found += _missing(upload, rows, remarks)
    counts = {kind.lower(): sum(row.kind == kind for row in found) for kind in RowKind}
    counts |= {
        "rows": len(rows),
        "unchanged": len(rows)
        - sum(row.line is not None and row.kind != RowKind.UNCHANGED for row in found),
        "noted": sum(bool(row.notes) for row in found),
        "employed": Holder.objects.employed().count(),
    }
    kept = {"counts": counts, "remarks": remarks, "headings": head.texts}
    if head.is_remembered:
        kept["choice"] = {"number": located.number, "line": head.line, "columns": head.columns}
    elif not upload.choice:
        kept["content"] = ""  # nobody chose its columns, so they cannot be chosen again
    with transaction.atomic():
        if _note(upload, RosterAction.READ, at=at, facts=counts, **kept):
            RosterRow.objects.bulk_create(found, batch_size=CHUNK)


def _note(upload, action, *, at, facts=None, **columns):
    """Move `upload` as the worker. Returns False if another worker has moved it."""
    try:
        engine.move(
            upload,
            action,
            at=at,
            **AS_WORKER,
            facts=facts,
            **columns,
        )
    except NotAllowed:
        return False
    return True


def _found(upload, row, row_result):
    common = {
        "upload": upload,
        "line": row.line,
        "employee_number": row.data.get("employee_number", "")[:20],
        "masked_name": shown(row.data.get("name", ""), "roster.name")[:50],
        "holder": row.holder,
        "notes": row.notes,
        "original": json.dumps(row.original, ensure_ascii=False),
    }
    if row.problems:
        problems = [[column, reason] for column, all_ in row.problems.items() for reason in all_]
        return RosterRow(kind=RowKind.REFUSED, problems=problems, **common)
    if row.outcome == EntryOutcome.UNCHANGED:
        return RosterRow(kind=RowKind.UNCHANGED, **(common | {"original": None}))
    return RosterRow(
        kind=RowKind(row.outcome),
        cells=json.dumps(row.cells, ensure_ascii=False),
        changes=row_result.diff,
        seen=row.seen,
        **common,
    )


def _missing(upload, rows, remarks):
    """The members of the staff who are not in a complete roster.

    None of them if the roster has an invalid row that fits nobody: it may be the row of one of
    them.
    """
    named = {row.holder.pk for row in rows if row.holder}
    named |= {row.user.holder.pk for row in rows if getattr(row.user, "holder", None)}
    lost = [
        row.line
        for row in rows
        if row.problems and not (row.holder or getattr(row.user, "holder", None))
    ]
    if lost:
        remarks.append(
            f"第 {'、'.join(map(str, lost[:10]))} 行{'等' if len(lost) > 10 else ''}有问题，"
            "还认不出是谁。为了不误停账户，改好这些行之前，名册里没有的人先不按离职处理。"
        )
        return
    protected = 0
    for holder in Holder.objects.employed().select_related("user").order_by("pk").iterator():
        if holder.pk in named:
            continue
        try:
            policies.check_may_leave(user=holder.user, by=upload.by)
        except RosterConflict:
            protected += 1
            continue
        yield RosterRow(
            upload=upload,
            kind=RowKind.LEFT,
            holder=holder,
            employee_number=holder.user.employee_number,
            masked_name=shown(holder.name, "roster.name"),
            changes=[["在职状态", "在职", "离职"]],
        )
    if protected:
        remarks.append(
            f"您自己或超级管理员的账户（{protected} 个）不在名册里，不会被停用；"
            "确实已经离职的，请系统管理员单独办理。"
        )


def discard(*, upload, by, at):
    """Discard a preview with its personal data. `by` is None for the worker.

    Raises `RosterRefused` when it was applied or discarded already.
    """
    with transaction.atomic():
        try:
            engine.move(
                upload,
                RosterAction.DISCARD,
                by=by,
                role=Role.STAFF if by else Role.WORKER,
                at=at,
                channel=Channel.ADMIN if by else Channel.WORKER,
                content="",
                choice={},
            )
        except NotAllowed as refusal:
            raise RosterRefused(
                "这份名册已经生效或放弃，请看最新的状态。", code="not_open", row=upload
            ) from refusal
        upload.rows.all().delete()
    logger.info("Roster %s discarded by %s at %s", upload.reference, by and by.pk, at)


def prepare_due(*, at):
    """Read the files that wait, one after the other."""
    for upload in RosterUpload.objects.unread().select_related("by").order_by("at", "pk"):
        if upload.lease(at):
            prepare(upload=upload, at=at)
            upload.release()


def discard_old(*, at, limit):
    """Discard up to `limit` previews that nobody applied in time."""
    old = RosterUpload.objects.open_previews().filter(at__lte=at - settings.ROSTER_RETENTION)
    for upload in old.order_by("at", "pk")[:limit]:
        try:
            discard(upload=upload, by=None, at=at)
        except RosterRefused:
            continue  # another worker did it


def forget_originals(*, at, limit):
    """Empty up to `limit` invalid rows of applied rosters that nobody corrected in time."""
    old = RosterRow.objects.to_mend().filter(
        upload__status__in=SAID_YES_TO, upload__at__lte=at - settings.ROSTER_RETENTION
    )
    kept = old.order_by("pk").values("pk")[:limit]
    RosterRow.objects.filter(pk__in=list(kept.values_list("pk", flat=True))).update(original=None)
