"""Writing the files of exports, and deleting them in time: the row is the queue.

What a row of a file may show is decided when it is written, not when it was ordered: a right that
was withdrawn in between counts.
"""

import tempfile
from datetime import timedelta

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import QueryDict

from apps.cards.models import CardRequest
from apps.common import leases, sealing
from apps.common.references import new_reference
from apps.common.refusals import Refused
from apps.events.enums import Channel, Role
from apps.exports import columns, files
from apps.exports.enums import ExportAction
from apps.exports.models import Export
from apps.exports.policies import check_amount, check_may_export
from apps.exports.services import facts_of
from apps.lifecycle import engine
from apps.lifecycle.sweep import move_all
from apps.lifecycle.writing import Own
from apps.people.models import User
from apps.people.permissions import near_keys
from apps.requests import retention
from apps.requests.models import DiscardedFile
from apps.review.filters import RequestFilter

MOST_TRIES = 3
# Renewed with every chunk of rows; whoever shows no sign of life for so long was killed.
LEASE = timedelta(minutes=3)


def lease_next(*, at):
    """Take the export that has waited longest. Returns it, or None when nobody waits.

    One whose worker was killed waits again when the lease is over; after MOST_TRIES it is given up.
    """
    for export in Export.objects.to_write(at):
        if export.tries >= MOST_TRIES:
            refuse(export=export, error="多次没有在时限内完成。请缩小范围，再导出一次。", at=at)
        elif _start(export, at=at):
            return export
    return None


@transaction.atomic
def _start(export, *, at):
    waiting = Export.objects.to_write(at)
    if not leases.take(export, until=at + LEASE, among=waiting):
        return False
    engine.move(
        export,
        ExportAction.START,
        by=None,
        role=Role.WORKER,
        at=at,
        channel=Channel.WORKER,
        tries=export.tries + 1,
        row_count=0,
    )
    return True


def write(*, export, clock):
    """Write the file of the leased `export`. Returns its name in the private storage.

    `clock` tells the moment, by which the lease is renewed on the way. Raises `Refused` when its
    owner has lost the right meanwhile, when the filter names something that is gone, and when
    somebody else took the export over.
    """
    user = User.objects.get(pk=export.by_id)
    check_may_export(user, is_full=export.is_full)
    form = RequestFilter(QueryDict(export.filter))
    if not form.is_valid():
        raise Refused("筛选条件里的地区或银行已经不在了，请重新筛选后导出。", code="filter")
    requests = form.narrow(CardRequest.objects.submitted(), user=user, at=export.created_at)
    # Both files have no name: one that is left behind by a kill is gone with its process.
    with tempfile.TemporaryFile() as clear, tempfile.TemporaryFile() as sealed:
        shown = columns.columns()
        rows = _rows(export, requests, shown, user, clock)
        files.write(rows, shown, format=export.format, target=clear)
        clear.seek(0)
        sealing.seal(clear, sealed)
        sealed.seek(0)
        return _save(sealed, at=clock())


def _rows(export, requests, shown, user, clock):
    written = 0
    for chunk in columns.chunks(requests):
        written += len(chunk)
        if written > settings.EXPORT_MAX_ROWS:
            check_amount(written)
        near = near_keys(chunk, user)
        for card_request in chunk:
            # Nobody takes the full data of their own case or of a child's, as on the case page.
            # The row stays, masked, so that the number of rows is what the filter says.
            is_full = export.is_full and card_request.pk not in near
            yield columns.row(card_request, shown, is_full=is_full)
        if not leases.take(
            export, until=clock() + LEASE, among=Export.objects.in_flight(), row_count=written
        ):
            raise Refused("这个导出已由另一个后台任务重做。", code="taken_over")


def _is_mine(export, *, at):
    """Whether the lease of `export` is still ours; renewed, so that it holds for the next move."""
    return leases.take(export, until=at + LEASE, among=Export.objects.in_flight())


def _save(sealed, *, at):
    """Put the file into the private storage; `finish` has to follow, or the file is discarded."""
    name = f"exports/{new_reference()}"
    DiscardedFile.objects.create(name=name, discarded_at=at, next_try_at=at + 2 * LEASE)
    return default_storage.save(name, File(sealed))


@transaction.atomic
def finish(*, export, name, at):
    """The file `name` is written: it can be fetched from now on, for settings.EXPORT_LIFETIME.

    Returns whether it was still the lease's to finish.
    """
    if not _is_mine(export, at=at):
        return False
    DiscardedFile.objects.filter(name=name).delete()
    export.refresh_from_db()
    engine.move(
        export,
        ExportAction.FINISH,
        by=export.by,
        role=Role.REVIEWER,
        at=at,
        channel=Channel.WORKER,
        facts={"scope": export.scope, **facts_of(export=export)},
        reason=export.reason,
        file=name,
        expires_at=at + settings.EXPORT_LIFETIME,
    )
    return True


@transaction.atomic
def refuse(*, export, error, at):
    """The leased `export` cannot be written, and `error` says in Chinese why."""
    if not _is_mine(export, at=at):
        return
    engine.move(
        export,
        ExportAction.FAIL,
        by=None,
        role=Role.WORKER,
        at=at,
        channel=Channel.WORKER,
        reason=error,
        error=error,
    )


def delete_expired(*, at, limit):
    """Delete the files whose time is over, and what killed workers left; the rows stay.

    Returns how many exports lost their file.
    """
    sweep = move_all(
        Export.objects.overdue(ExportAction.EXPIRE, at).order_by("expires_at"),
        ExportAction.EXPIRE,
        by=None,
        role=Role.WORKER,
        at=at,
        channel=Channel.WORKER,
        each=lambda exports: _discard(exports, at=at),
        limit=limit,
        file="",
    )
    retention.delete_discarded_files(at=at, limit=limit)
    files.delete_leftovers(before=at - LEASE)
    return sweep.done


def _discard(exports, *, at):
    """Have the files of `exports` deleted. Returns when each of them was due."""
    DiscardedFile.objects.bulk_create(
        DiscardedFile(name=export.file.name, discarded_at=at, next_try_at=at) for export in exports
    )
    return {export.pk: Own(due_at=export.expires_at) for export in exports}
