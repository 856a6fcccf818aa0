"""What a supervisor does at the bureau's desk. Each action is recorded as an event.

They need the permission `roles.OPERATE_BUREAU`, except for looking at a line.
"""

from django.conf import settings
from django.db import transaction

from apps.bureau import applying, reports
from apps.bureau.adapters import report_file
from apps.bureau.enums import ReportAction
from apps.bureau.models import ReportUpload
from apps.bureau_desk import report_preview
from apps.common.refusals import Refused, check_reason
from apps.desk import event_kinds
from apps.desk import services as desk
from apps.desk.event_kinds import DeskLineAction, UploadAction
from apps.events.enums import Channel, Role
from apps.lifecycle import engine
from apps.lifecycle.refusals import NotAllowed


@transaction.atomic
def retry_report(*, report, by, at):
    """Apply a stored report now. Returns whether it is applied; if not, the report has the reason.

    Raises `Refused` when it was applied before.
    """
    try:
        engine.move(
            report,
            ReportAction.RETRY,
            by=by,
            role=Role.STAFF,
            at=at,
            channel=Channel.ADMIN,
            waits_for="",
            error="",
        )
    except NotAllowed as refusal:
        raise Refused("这一条已经登记过了。", code="applied", row=report) from refusal
    return applying.apply(report=report, at=at)


@transaction.atomic
def dismiss_report(*, report, reason, by, at):
    """Decide that a report that can't be applied doesn't count. Raises `Refused`, `NotAllowed`."""
    check_reason(reason, "请写明为什么不再登记这一条。")
    engine.move(
        report,
        ReportAction.DISMISS,
        by=by,
        role=Role.STAFF,
        at=at,
        channel=Channel.ADMIN,
        reason=reason,
        waits_for="",
    )


def keep_upload(*, name, data, by, at):
    """Store an uploaded report file for its preview. It has no effect before it is confirmed.

    Raises `Refused` when the file was stored before, has no line, or cannot be read at all.
    """
    file = report_file.read(name, data, at=at)
    if file.refusal:
        raise Refused(file.refusal, code="unreadable")
    if not file.lines:
        raise Refused(NO_LINES, code="no_lines")
    if report_preview.is_known(file):
        raise Refused(KNOWN, code="known")
    return ReportUpload.objects.create(
        name=name[:100], content=data.decode("latin-1"), uploaded_at=at, uploaded_by=by
    )


NO_LINES = "文件里只有表头，没有一行结果，不用登记。请核对是不是选错了文件。"
KNOWN = "这个文件以前收到过，里面的内容都已登记，不会重复办理。"


def live_uploads(*, at):
    """The uploads that may still be confirmed."""
    return ReportUpload.objects.filter(uploaded_at__gt=at - settings.REPORT_UPLOAD_RETENTION)


@transaction.atomic
def confirm_upload(*, upload, by, at):
    """Store the file in the same way as one from the folder. Returns its `BureauFile`.

    Raises `Refused` if it was stored in between, or confirmed by somebody else.
    """
    if not ReportUpload.objects.filter(pk=upload.pk).delete()[0]:
        raise Refused("这个文件已经确认或放弃了。", code="gone")
    file = report_file.read(upload.name, upload.data, at=at)
    row, is_new = reports.store(file=file, by=by, at=at)
    if not is_new:
        raise Refused(KNOWN, code="known")
    facts = {
        "sha256": row.sha256,
        "good": row.good,
        "repeated": row.repeated,
        "broken": row.broken,
    }
    desk.record(
        kind=event_kinds.FILE, action=UploadAction.UPLOAD, row=row, by=by, at=at, facts=facts
    )
    return row


def discard_upload(*, upload):
    """Forget an upload that nobody wants."""
    ReportUpload.objects.filter(pk=upload.pk).delete()


def show_line(*, line, reason, by, at):
    """Record that `by` is shown the content of `line`, and why."""
    desk.record(
        kind=event_kinds.LINE, action=DeskLineAction.LOOK, row=line, by=by, at=at, reason=reason
    )
