"""Applies an uploaded roster after somebody has confirmed its preview.

The rows are the queue. Waiting rows are read in batches. Each row is applied and marked as done in
one transaction, so a worker that is killed, or a second worker, does nothing twice and leaves
nothing half done. A row is checked again at that moment: if the person has changed since the
preview, the row is not applied and gets a reason.
"""

import json
import logging

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count

from apps.cards.services import leave
from apps.events.enums import AS_WORKER, Channel, Role
from apps.lifecycle import engine
from apps.lifecycle.refusals import NotAllowed
from apps.people import services
from apps.people.enums import EntryOutcome
from apps.people.refusals import RosterConflict
from apps.roster import inviting
from apps.roster.enums import EFFECTIVE, RosterAction, RowKind, RowOutcome
from apps.roster.models import RosterRow, RosterUpload
from apps.roster.policies import check_count, check_fresh, check_ready
from apps.roster.refusals import RosterRefused
from apps.roster.resource import StaffResource
from apps.roster.rows import StaffRow

logger = logging.getLogger(__name__)

_STALE = "预览之后，这个人的登记有了变化，这一行没有生效。请重新上传名册，核对后再生效。"


def apply(*, upload, typed_count, by, at):
    """Confirm the preview: from now on its rows are applied. Raises `RosterRefused`.

    `typed_count` is the number of people who leave, where `policies.needs_count`.
    """
    check_ready(upload)
    check_fresh(upload, at=at)
    check_count(upload, typed_count)
    try:
        engine.move(
            upload,
            RosterAction.APPLY,
            by=by,
            role=Role.STAFF,
            at=at,
            channel=Channel.ADMIN,
            facts=upload.counts,
            content="",
        )
    except NotAllowed as refusal:
        raise RosterRefused(
            "这份名册现在不能生效，请看最新的状态。", code="not_ready", row=upload
        ) from refusal
    logger.info("Roster %s applied by account %s at %s", upload.reference, by.pk, at)


def waiting_rows(upload):
    """The rows of `upload` that still have to be applied."""
    return upload.rows.filter(done_at=None, kind__in=EFFECTIVE)


def work(*, upload, at, limit):
    """Apply up to `limit` waiting rows of an applied roster."""
    waiting = list(waiting_rows(upload).select_related("holder__user").order_by("pk")[:limit])
    from_file = [row for row in waiting if row.line is not None]
    by = upload.application.by
    _RosterApplier(upload=upload, waiting=from_file, by=by, at=at).work()
    for row in waiting:
        if row.line is None:
            _leave(row, by=by, at=at)
    gone = {row.holder.user_id for row in waiting if row.kind == RowKind.LEFT}
    services.end_sessions(users=gone, at=at)
    if not waiting_rows(upload).exists():
        _finish(upload, at=at)


def _finish(upload, *, at):
    """Record that no row waits any more, with the counts of the outcomes."""
    done = upload.rows.exclude(outcome="").values_list("outcome").annotate(Count("pk")).order_by()
    try:
        engine.move(
            upload,
            RosterAction.FINISH,
            at=at,
            **AS_WORKER,
            facts={outcome.lower(): count for outcome, count in done},
        )
    except NotAllowed:
        return  # another worker was first


def _leave(row, *, by, at):
    try:
        with transaction.atomic():
            if _done(row, RowOutcome.APPLIED, at):
                outcome = leave(holder=row.holder, by=by, at=at)
                if outcome == EntryOutcome.UNCHANGED:
                    RosterRow.objects.filter(pk=row.pk).update(outcome=RowOutcome.NOTHING_LEFT)
    except RosterConflict as conflict:
        _done(row, RowOutcome.REFUSED, at, problems=[[conflict.column, conflict.message]])


def _done(row, outcome, at, **fields):
    """Mark `row` as done, unless another worker has. Returns whether it did.

    A refused row keeps its cells, so that somebody can correct them.
    """
    if outcome != RowOutcome.REFUSED:
        fields["original"] = None
    free = RosterRow.objects.filter(pk=row.pk, done_at=None)
    return free.update(done_at=at, outcome=outcome, cells="", **fields)


class _RosterApplier(StaffResource):
    """Applies waiting rows whose person has not changed since the preview."""

    def __init__(self, *, upload, waiting, by, at):
        super().__init__(
            rows=[StaffRow(row.line, json.loads(row.cells)) for row in waiting],
            photo_folder=None,
            by=by,
            at=at,
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
            elif row.outcome == EntryOutcome.UNCHANGED:
                _done(waiting, RowOutcome.NOTHING_LEFT, self.at)

    def write(self, row):
        waiting = self.waiting[row.line]
        if row.seen != waiting.seen:
            raise ValidationError({"整行": [_STALE]})
        was_gone = bool(row.holder and row.holder.left_date)
        number = row.holder and row.holder.phone_index
        with transaction.atomic():
            if not _done(waiting, RowOutcome.APPLIED, self.at):
                return
            super().write(row)
            RosterRow.objects.filter(pk=waiting.pk).update(holder=row.holder)
            if row.outcome == EntryOutcome.CREATED or (
                was_gone and row.outcome == EntryOutcome.UPDATED
            ):
                inviting.invite(user=row.holder.user, upload=self.upload, at=self.at)
            elif row.outcome == EntryOutcome.UPDATED and row.holder.phone_index != number:
                inviting.follow_phone(user=row.holder.user, upload=self.upload, at=self.at)


def work_at_once(*, upload, at):
    """Apply all rows of a confirmed roster now if they are few; else the worker does."""
    if waiting_rows(upload).count() <= settings.ROSTER_ROWS_AT_ONCE:
        work(upload=upload, at=at, limit=settings.ROSTER_ROWS_AT_ONCE)


def work_due(*, at, limit):
    """Go on with the rosters that are being applied, up to `limit` rows each."""
    for upload in RosterUpload.objects.in_progress().order_by("status_since", "pk"):
        if upload.lease(at):
            work(upload=upload, at=at, limit=limit)
            upload.release()
