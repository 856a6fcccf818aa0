"""Exports: a member of the staff orders a file and fetches it.

`working` writes the files, in the background.
"""

from django.conf import settings
from django.db import transaction

from apps.cards.models import CardRequest
from apps.common.refusals import check_reason
from apps.desk import event_kinds
from apps.desk import services as desk
from apps.desk.event_kinds import FileAction
from apps.events.enums import Channel, Role
from apps.exports import ledger
from apps.exports.enums import ExportAction, ExportSubject
from apps.exports.models import Export
from apps.exports.policies import (
    check_amount,
    check_fetchable,
    check_may_export,
    check_recent,
    check_under_way,
    role_for,
)
from apps.lifecycle import engine
from apps.people.models import User
from apps.review.filters import as_query

WAITING_ONLY = "待审核的申请"


def asked_for(*, form):
    """The query string of the valid RequestFilter `form`: what was chosen, and nothing else."""
    return as_query(form.choice | {"sort": ""})


def in_words(*, form):
    """What the valid RequestFilter `form` chooses, as one line."""
    return "；".join(f"{label}：{text}" for label, text in form.chosen) or WAITING_ONLY


def count(*, form, by, at):
    """How many requests the valid RequestFilter `form` chooses.

    Counting stops at one more than an export may have.
    """
    requests = form.narrow(CardRequest.objects.submitted(), user=by, at=at)
    return requests.order_by()[: settings.EXPORT_MAX_ROWS + 1].count()


def check_number(*, by, at):
    """Raise `Refused` when `by` has enough exports under way, or ordered enough within the hour."""
    own = Export.objects.filter(by=by)
    check_under_way(own.in_flight().count())
    check_recent(
        own.order_by("-pk")[: settings.EXPORTS_PER_HOUR].values_list("created_at", flat=True), at=at
    )


@transaction.atomic
def order(*, form, format, is_full, reason, by, at):
    """Ask for a file of what the valid RequestFilter `form` chooses. Returns the `Export`.

    Raises `Refused` without the right, for full numbers without a reason, for nothing or too much
    to export, and when `by` has enough exports under way, or ordered enough within the hour.
    """
    User.objects.select_for_update().get(pk=by.pk)  # counted one after the other
    check_may_export(by, is_full=is_full)
    if is_full:
        check_reason(reason, "导出完整号码必须写明原因，会和您的工号一起记录。")
    check_number(by=by, at=at)
    rows = count(form=form, by=by, at=at)
    check_amount(rows)
    export = Export(
        by=by,
        format=format,
        filter=asked_for(form=form),
        scope=in_words(form=form),
        is_full=is_full,
        reason=reason.strip() if is_full else "",
        expected_rows=rows,
        created_at=at,
    )
    engine.begin(
        export, ExportAction.ORDER, by=by, role=Role.REVIEWER, at=at, channel=Channel.ADMIN
    )
    return export


@transaction.atomic
def retry(*, export, by, at):
    """Have a failed `export` written again. Raises `NotAllowed` unless it has failed."""
    engine.move(
        export,
        ExportAction.RETRY,
        by=by,
        role=Role.STAFF,
        at=at,
        channel=Channel.ADMIN,
        tries=0,
        error="",
    )


@transaction.atomic
def set_aside(*, export, reason, by, at):
    """Leave a failed `export` as it is, for a `reason`. Raises `Refused`, `NotAllowed`."""
    check_reason(reason, "请写明为什么不再重试这个导出。")
    engine.move(
        export,
        ExportAction.DISMISS,
        by=by,
        role=Role.STAFF,
        at=at,
        channel=Channel.ADMIN,
        reason=reason,
    )


@transaction.atomic
def order_ledger(*, year, format, by, at):
    """Ask for the ledger of minors of `year`. Returns the `Export`.

    Raises `Refused` without the right, and when `by` has or ordered enough exports.
    """
    User.objects.select_for_update().get(pk=by.pk)  # counted one after the other
    check_may_export(by, is_full=False, subject=ExportSubject.MINORS)
    check_number(by=by, at=at)
    export = Export(
        by=by,
        subject=ExportSubject.MINORS,
        format=format,
        filter=as_query({"year": year}),
        scope=f"{year} 年未成年人信息台账",
        expected_rows=ledger.number_of_rows(),
        created_at=at,
    )
    engine.begin(export, ExportAction.ORDER, by=by, role=Role.STAFF, at=at, channel=Channel.ADMIN)
    return export


def facts_of(*, export):
    """What the events of `export` say of its file."""
    facts = {"format": export.format, "is_full": export.is_full, "rows": export.row_count}
    if export.profile:
        facts |= {"receiver": export.receiver, "version": export.profile.version}
    return facts


@transaction.atomic
def record_fetch(*, export, by, at):
    """Record that `by` fetches the file. Call it before the file is handed out.

    Raises `Refused` when the file has expired, and without the permission for its content.
    """
    check_fetchable(export=export, by=by, at=at)
    desk.record(
        kind=event_kinds.EXPORT_FILE,
        action=FileAction.FETCH,
        by=by,
        role=role_for(export.subject),
        at=at,
        row=export,
        facts=facts_of(export=export),
        reason=export.reason,
    )


def opened(*, export):
    """The file of `export`, decrypted as it is read."""
    return export.file.open("rb")
