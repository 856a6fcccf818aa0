"""A line that the parser could not read is corrected by hand, or dismissed."""

from django.db import transaction

from apps.bureau import reports
from apps.bureau.adapters import report_file
from apps.bureau.enums import LineAction
from apps.bureau.models import BureauReport
from apps.common.refusals import Refused
from apps.events.enums import Channel, Role
from apps.lifecycle import engine
from apps.lifecycle.refusals import NotAllowed


@transaction.atomic
def correct(*, line, content, by, at):
    """Read `content` in place of the broken `line`, with the parser of the files.

    Returns the `BureauReport`. Raises `Refused` if it cannot be read either, if it repeats or
    contradicts what is known, or if somebody has settled the line.
    """
    read = report_file.read_line(content.strip("\r\n").encode(), number=line.number, at=at)
    if read.report is None:
        raise Refused(read.fault, code="broken")
    fresh, broken = reports.sort([read])
    if broken:
        raise Refused(reports.CONFLICT, code="conflict")
    if not fresh:
        raise Refused("这一条以前已经收到过，不用再登记。请改用「不再处理」。", code="repeated")
    (key,) = reports.receive(reports=[read.report], file=line.file, by=by, at=at)
    report = BureauReport.objects.get(pk=key)
    facts = {"report": report.reference}
    _settle(line, LineAction.CORRECT, by=by, at=at, report=report, facts=facts)
    return report


@transaction.atomic
def dismiss(*, line, reason, by, at):
    """Decide that `line` is not used. Raises `Refused` as `correct`."""
    _settle(line, LineAction.DISMISS, by=by, at=at, reason=reason)


def _settle(line, action, *, by, at, **details):
    try:
        engine.move(line, action, by=by, role=Role.STAFF, at=at, channel=Channel.ADMIN, **details)
    except NotAllowed as error:
        raise Refused("这一行不用再处理，请查看最新状态。", code="settled", row=line) from error
