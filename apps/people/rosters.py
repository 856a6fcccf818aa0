"""A staff roster that HR uploads: read, compared and shown, and applied when somebody says yes.

The rows are the queue. Applying takes the waiting rows in batches, and each in a transaction of its
own in which it is also marked as done: whoever is killed in between, or works at the same time,
does nothing twice and leaves nothing half. A row is judged again at that moment; where the person
looks different from what the preview showed, it is not applied, and says so.
"""

import base64
import hashlib
import json
import logging
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from apps.common import masks
from apps.common.fields import blind_index
from apps.common.refusals import Refused
from apps.people import invitations, roster, services
from apps.people.enums import Entry, RowKind, RowOutcome
from apps.people.models import Holder, RosterRow, RosterUpload
from apps.people.roster_file import check_size, read
from apps.people.roster_resource import CHUNK, COLUMNS, Row, StaffResource
from apps.people.roster_xlsx import UnreadableRoster, check_container

logger = logging.getLogger(__name__)

# Photos and passwords do not come through the browser: new people are invited instead.
ONLINE_COLUMNS = [heading for heading, name in COLUMNS.items() if name not in ("photo", "password")]
# A claimed roster is left alone for this long; then whoever claimed it is taken for dead.
LEASE = timedelta(minutes=5)
# A file of this many bytes is read while one waits.
AT_ONCE_BYTES = 24 * 1024
_STALE = "预览之后，这个人的登记有了变化，这一行没有生效。请重新上传名册，核对后再生效。"


class RosterRefused(Refused):
    """The roster cannot be applied or discarded as it stands."""


def take_in(*, content, is_complete, by, at):
    """Keep an uploaded file to be read. Returns the upload, and whether it is a new one.

    The same file, uploaded again while its preview is open, leads to that preview. Of a small file
    it is seen at once whether it can be read. Raises `UnreadableRoster`.
    """
    check_size(content)
    is_workbook = check_container(content)
    digest = blind_index(hashlib.sha256(content).hexdigest())
    known = RosterUpload.objects.open_previews().filter(
        digest=digest, is_complete=is_complete, refusal=""
    )
    if upload := known.order_by("-pk").first():
        return upload, False
    if len(content) <= AT_ONCE_BYTES:
        read(content, columns=ONLINE_COLUMNS, required=roster.REQUIRED)
    upload = RosterUpload.objects.create(
        by=by,
        at=at,
        file_kind="xlsx" if is_workbook else "csv",
        content=base64.b64encode(content).decode(),
        digest=digest,
        is_complete=is_complete,
    )
    return upload, True


def prepare_at_once(*, upload, at):
    """Read the file of `upload` now if it is small; else the worker does."""
    if upload.read_at is None and len(upload.content) <= AT_ONCE_BYTES * 4 / 3 + 4:
        prepare(upload=upload, at=at)


def work_at_once(*, upload, at):
    """Apply all rows of an applied roster now if they are few; else the worker does."""
    if waiting_rows(upload).count() <= settings.ROSTER_ROWS_AT_ONCE:
        work(upload=upload, at=at, limit=settings.ROSTER_ROWS_AT_ONCE)


def prepare(*, upload, at):
    """Read the file of `upload` and write down what each row would do. Twice changes nothing."""
    try:
        sheet = read(
            base64.b64decode(upload.content), columns=ONLINE_COLUMNS, required=roster.REQUIRED
        )
    except UnreadableRoster as refusal:
        RosterUpload.objects.unread().filter(pk=upload.pk).update(
            read_at=at, refusal=refusal.message, content=""
        )
        return
    rows = Row.of(sheet)
    resource = StaffResource(
        rows=rows, photo_folder=None, by=upload.by, at=at, on=timezone.localdate(at)
    )
    result = resource.run(dry_run=True)
    found = [
        _found(upload, row, row_result)
        for row, row_result in zip(rows, result.rows, strict=True)
        if row.outcome != Entry.UNCHANGED or row.problems
    ]
    remarks = (
        [f"没有用到的列：{'、'.join(sheet.unknown_columns)}。"] if sheet.unknown_columns else []
    )
    if upload.is_complete:
        found += _missing(upload, rows, remarks)
    counts = {kind.lower(): sum(row.kind == kind for row in found) for kind in RowKind}
    counts |= {
        "rows": len(rows),
        "unchanged": len(rows) - sum(row.line is not None for row in found),
        "employed": Holder.objects.employed().count(),
    }
    with transaction.atomic():
        if (
            RosterUpload.objects.unread()
            .filter(pk=upload.pk)
            .update(read_at=at, content="", counts=counts, remarks=remarks)
        ):
            RosterRow.objects.bulk_create(found, batch_size=CHUNK)


def _found(upload, row, row_result):
    common = {
        "upload": upload,
        "line": row.line,
        "employee_number": row.data.get("employee_number", "")[:20],
        "masked_name": masks.name(row.data.get("name", ""))[:50],
        "holder": row.holder,
    }
    if row.problems:
        problems = [[column, reason] for column, all_ in row.problems.items() for reason in all_]
        return RosterRow(kind=RowKind.REFUSED, problems=problems, **common)
    return RosterRow(
        kind=RowKind(row.outcome),
        cells=json.dumps(row.cells, ensure_ascii=False),
        changes=row_result.diff,
        seen=row.seen,
        **common,
    )


def _missing(upload, rows, remarks):
    """Everybody who works here and is not in the complete roster.

    Nobody, while it has a row that is wrong and that belongs to nobody known: it may be theirs.
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
            services.check_may_leave(user=holder.user, by=upload.by)
        except services.RosterConflict:
            protected += 1
            continue
        yield RosterRow(
            upload=upload,
            kind=RowKind.LEFT,
            holder=holder,
            employee_number=holder.user.employee_number,
            masked_name=masks.name(holder.name),
            changes=[["在职状态", "在职", "离职"]],
        )
    if protected:
        remarks.append(
            f"您自己或超级管理员的账户（{protected} 个）不在名册里，不会被停用；"
            "确已离职的，请系统管理员单独办理。"
        )


def needs_count(upload):
    """Whether so many would leave that the number has to be typed in."""
    left, employed = upload.counts.get("left", 0), upload.counts.get("employed", 0)
    return left * 100 > employed * settings.ROSTER_LEAVING_PERCENT


def apply(*, upload, typed_count, by, at):
    """Say yes to the preview: from now on its rows are applied. Raises `RosterRefused`.

    `typed_count` is the number of people who leave, where `needs_count`.
    """
    if not upload.is_ready:
        raise RosterRefused(
            "这份名册已经生效、已放弃或还没有读完，请看最新的状态。", code="not_ready"
        )
    if at - upload.at >= settings.ROSTER_RETENTION:
        raise RosterRefused("这份预览已经超过一天，请重新上传名册。", code="too_old")
    if needs_count(upload) and typed_count != upload.counts["left"]:
        raise RosterRefused(
            f"这份名册会让 {upload.counts['left']} 人离职。"
            "请核对名单，在输入框里填写这个人数后再生效。",
            code="count",
        )
    ready = RosterUpload.objects.open_previews().filter(pk=upload.pk, read_at__isnull=False)
    if not ready.update(applied_at=at, applied_by=by):
        raise RosterRefused("这份名册刚刚由别人办理了，请看最新的状态。", code="not_ready")
    upload.refresh_from_db()
    logger.info("Roster %s applied by account %s at %s", upload.reference, by.pk, at)


def discard(*, upload, by, at):
    """Drop a preview and what it holds about people; `by` is None for the worker.

    Raises `RosterRefused` when it was applied or dropped already.
    """
    with transaction.atomic():
        if (
            not RosterUpload.objects.open_previews()
            .filter(pk=upload.pk)
            .update(discarded_at=at, content="")
        ):
            raise RosterRefused("这份名册已经生效或放弃，请看最新的状态。", code="not_open")
        upload.rows.all().delete()
    logger.info("Roster %s discarded by %s at %s", upload.reference, by and by.pk, at)


def waiting_rows(upload):
    return upload.rows.filter(done_at=None).exclude(kind=RowKind.REFUSED)


def work(*, upload, at, limit):
    """Apply up to `limit` waiting rows of an applied roster."""
    waiting = list(waiting_rows(upload).select_related("holder__user").order_by("pk")[:limit])
    from_file = [row for row in waiting if row.line is not None]
    _Applying(upload=upload, waiting=from_file, at=at).work()
    for row in waiting:
        if row.line is None:
            _leave(upload, row, at)
    gone = {row.holder.user_id for row in waiting if row.kind == RowKind.LEFT}
    services.end_sessions(users=gone, at=at)
    if not waiting_rows(upload).exists():
        RosterUpload.objects.in_progress().filter(pk=upload.pk).update(finished_at=at)


def _leave(upload, row, at):
    try:
        with transaction.atomic():
            if _done(row, RowOutcome.APPLIED, at):
                outcome = services.end_employment(
                    holder=row.holder, by=upload.applied_by, at=at, on=timezone.localdate(at)
                )
                if outcome == Entry.UNCHANGED:
                    RosterRow.objects.filter(pk=row.pk).update(outcome=RowOutcome.NOTHING_LEFT)
    except services.RosterConflict as conflict:
        _done(row, RowOutcome.REFUSED, at, problems=[[conflict.column, conflict.message]])


def _done(row, outcome, at, **fields):
    """Mark `row` as done, unless somebody else was first."""
    free = RosterRow.objects.filter(pk=row.pk, done_at=None)
    return free.update(done_at=at, outcome=outcome, cells="", **fields)


class _Applying(StaffResource):
    """Enters waiting rows that look as they did in the preview."""

    def __init__(self, *, upload, waiting, at):
        super().__init__(
            rows=[Row(row.line, json.loads(row.cells)) for row in waiting],
            photo_folder=None,
            by=upload.applied_by,
            at=at,
            on=timezone.localdate(at),
        )
        self.upload = upload
        self.waiting = {row.line: row for row in waiting}

    def work(self):
        if not self.rows:
            return
        self.run(dry_run=False)
        for row in self.rows:
            waiting = self.waiting[row.line]
            if row.problems:
                problems = [[column, why] for column, all_ in row.problems.items() for why in all_]
                _done(waiting, RowOutcome.REFUSED, self.at, problems=problems)
            elif row.outcome == Entry.UNCHANGED:
                _done(waiting, RowOutcome.NOTHING_LEFT, self.at)

    def write(self, row):
        waiting = self.waiting[row.line]
        if row.seen != waiting.seen:
            raise ValidationError({"整行": [_STALE]})
        was_gone = bool(row.holder and row.holder.left_date)
        with transaction.atomic():
            if not _done(waiting, RowOutcome.APPLIED, self.at):
                return
            super().write(row)
            RosterRow.objects.filter(pk=waiting.pk).update(holder=row.holder)
            if row.outcome == Entry.CREATED or (was_gone and row.outcome == Entry.UPDATED):
                invitations.invite(user=row.holder.user, upload=self.upload, at=self.at)


def prepare_due(*, at):
    """Read the files that wait, one after the other."""
    for upload in RosterUpload.objects.unread().select_related("by").order_by("at", "pk"):
        if _claim(upload, at):
            prepare(upload=upload, at=at)
            _release(upload)


def work_due(*, at, limit):
    """Go on with the rosters that are being applied, up to `limit` rows each."""
    applied = RosterUpload.objects.in_progress().select_related("applied_by")
    for upload in applied.order_by("applied_at", "pk"):
        if _claim(upload, at):
            work(upload=upload, at=at, limit=limit)
            _release(upload)


def _claim(upload, at):
    """Two workers at one roster would do nothing wrong, only everything twice in vain."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=at)
    return RosterUpload.objects.filter(free, pk=upload.pk).update(claimed_until=at + LEASE)


def _release(upload):
    RosterUpload.objects.filter(pk=upload.pk).update(claimed_until=None)


def discard_old(*, at, limit):
    """Drop up to `limit` previews that nobody applied in time."""
    old = RosterUpload.objects.open_previews().filter(at__lte=at - settings.ROSTER_RETENTION)
    for upload in old.order_by("at", "pk")[:limit]:
        try:
            discard(upload=upload, by=None, at=at)
        except RosterRefused:
            continue  # somebody was faster
