"""Writes the files of exports, and deletes them in time. The rows are the queue.

Permissions are checked when the file is written and not when it was ordered, because one may have
been withdrawn in between.
"""

import logging
import tempfile

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import InterfaceError, OperationalError, transaction
from django.http import QueryDict

from apps.bureau.port import public_key_of
from apps.cards.models import CardRequest
from apps.common import leases
from apps.common.references import new_reference
from apps.common.refusals import Refused
from apps.common.templatetags.formats import iso
from apps.events.enums import AS_WORKER, Channel
from apps.exports import collection, columns, files, ledger, packages, profiles
from apps.exports.enums import ExportAction, ExportSubject
from apps.exports.models import LEASE, Export, ExportedRequest
from apps.exports.policies import check_amount, check_key, check_owner, role_for
from apps.exports.services import facts_of
from apps.exports.wording import RowsUnreadable
from apps.lifecycle import engine
from apps.lifecycle.sweep import move_all
from apps.lifecycle.writing import Own
from apps.people.models import User
from apps.people.permissions import near_keys
from apps.requests import retention
from apps.requests.models import DiscardedFile
from apps.review.filters import RequestFilter

MOST_TRIES = 3
MOST_UNREADABLE = 100

logger = logging.getLogger(__name__)


def lease_next(*, at):
    """Lease the export that has waited longest. Returns it, or None if none waits.

    An export whose worker was killed waits again once the lease is over. After MOST_TRIES it is
    given up.
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
        at=at,
        **AS_WORKER,
        tries=export.tries + 1,
        row_count=0,
    )
    return True


def write(*, export, clock):
    """Write the file of the leased `export`. Returns its name in the private storage.

    `clock` returns the present moment, to renew the lease. Raises `Refused` if its owner has lost
    the permission, if the filter names something that is gone, and if another worker has taken over
    the export.
    """
    user = User.objects.get(pk=export.by_id)
    check_owner(export, user)
    if export.subject == ExportSubject.SHEET:
        return _write_sheet(export, user, clock)
    shown, rows = _content(export, user, clock)
    # The file has no name, so the system deletes it if the process is killed.
    with tempfile.TemporaryFile() as clear:
        files.write(rows, shown, format=export.format, target=clear)
        clear.seek(0)
        return _save(clear, at=clock())


def _write_sheet(export, user, clock):
    """The 采集表 for a centre, sealed for it."""
    key = public_key_of(export.receiver)
    check_key(key)
    check_amount(export.expected_rows)
    chosen, _ = packages.headed(export.profile.columns)
    is_new = QueryDict(export.filter).get("which") != profiles.ALL
    requests = collection.whom(export.receiver, is_new=is_new, at=export.created_at)

    def values(card_request, *, is_near):
        name = collection.photo_name(card_request)
        picture = card_request.particulars.portrait
        if name and not picture.size:  # OSError where the file is gone
            raise OSError(f"picture of {card_request.reference} is empty")
        return collection.row(card_request, chosen), (name, picture) if name else None

    chunks = collection.chunks(requests, operator=user.employee_number)
    about = [
        f"采集表，第 {export.profile.version} 版，编号 {export.reference}",
        f"生成：{iso(export.created_at)}，{settings.PORTAL_OPERATOR['name']}",
        f"应有：{export.expected_rows} 人",
    ]
    with tempfile.TemporaryFile() as sealed:
        packages.write(
            _rows(export, chunks, user, clock, values),
            chosen=export.profile.columns,
            format=export.format,
            key=key,
            about=about,
            target=sealed,
        )
        sealed.seek(0)
        return _save(sealed, at=clock())


def _content(export, user, clock):
    """(the columns, the rows) of the file."""
    chosen = QueryDict(export.filter)
    if export.subject == ExportSubject.MINORS:
        return ledger.COLUMNS, _ledger(export, int(chosen["year"]), clock)
    form = RequestFilter(chosen)
    if not form.is_valid():
        raise Refused("筛选条件里的地区或银行已经不在了，请重新筛选后导出。", code="filter")
    requests = form.narrow(CardRequest.objects.submitted(), user=user, at=export.created_at)
    shown = columns.columns()

    def values(card_request, *, is_near):
        # A row of the user's own case or of a child's stays masked, as on the case page. It is
        # not left out, so that the number of rows is the one of the filter.
        return columns.row(card_request, shown, is_full=export.is_full and not is_near)

    chunks = columns.chunks(requests, at=export.created_at)
    return shown, _rows(export, chunks, user, clock, values)


def _ledger(export, year, clock):
    for number, row in enumerate(ledger.rows(year=year, at=export.created_at), start=1):
        yield row
        if not leases.take(
            export, until=clock() + LEASE, among=Export.objects.in_flight(), row_count=number
        ):
            raise Refused("这个导出已由另一个后台任务重做。", code="taken_over")


def _rows(export, chunks, user, clock, values):
    """What `values` makes of each request of `chunks`, for the file.

    `values` is called with a request and `is_near`: whether it is the user's own or a child's.
    Raises `RowsUnreadable` at the end, with those that have no row.
    """
    written, unreadable = 0, {}
    ExportedRequest.objects.filter(export=export).delete()  # of a worker that was killed
    for chunk in chunks:
        written += len(chunk)
        if written > settings.EXPORT_MAX_ROWS:
            check_amount(written)
        ExportedRequest.objects.bulk_create(
            [ExportedRequest(export=export, card_request=each) for each in chunk],
            ignore_conflicts=True,
        )
        near = near_keys(chunk, user)
        for card_request in chunk:
            try:
                found = values(card_request, is_near=card_request.pk in near)
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:
                logger.exception("request %s not exported", card_request.reference)
                unreadable[card_request.reference] = error
            else:
                yield found
        if len(unreadable) > MOST_UNREADABLE:
            break  # the key is gone, more likely than so many rows
        if not leases.take(
            export, until=clock() + LEASE, among=Export.objects.in_flight(), row_count=written
        ):
            raise Refused("这个导出已由另一个后台任务重做。", code="taken_over")
    if unreadable:
        raise RowsUnreadable(unreadable)


def _is_mine(export, *, at):
    """Whether this worker still has the lease of `export`. Renews it for the next move."""
    return leases.take(export, until=at + LEASE, among=Export.objects.in_flight())


def _save(clear, *, at):
    """Put the file into the private storage; `finish` has to follow, or the file is discarded."""
    name = f"exports/{new_reference()}"
    DiscardedFile.objects.create(name=name, discarded_at=at, next_try_at=at + 2 * LEASE)
    return default_storage.save(name, File(clear))


@transaction.atomic
def finish(*, export, name, at):
    """Record that the file `name` is written. It can be fetched for settings.EXPORT_LIFETIME.

    Returns whether this worker still had the lease.
    """
    if not _is_mine(export, at=at):
        return False
    DiscardedFile.objects.filter(name=name).delete()
    export.refresh_from_db()
    engine.move(
        export,
        ExportAction.FINISH,
        by=export.by,
        role=role_for(export.subject),
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
    """Record that the leased `export` cannot be written. `error` says why, in Chinese."""
    if not _is_mine(export, at=at):
        return
    engine.move(
        export,
        ExportAction.FAIL,
        at=at,
        **AS_WORKER,
        reason=error,
        error=error,
    )


def delete_expired(*, at, limit):
    """Delete the files that have expired, and those that killed workers left. The rows stay.

    Returns the number of exports.
    """
    sweep = move_all(
        Export.objects.overdue(ExportAction.EXPIRE, at).order_by("expires_at"),
        ExportAction.EXPIRE,
        at=at,
        **AS_WORKER,
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
