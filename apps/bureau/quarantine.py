"""A line that the parser could not read is corrected by hand, or dismissed."""

from django.db import transaction

from apps.bureau import reports
from apps.bureau.adapters import report_file
from apps.bureau.models import QuarantinedLine
from apps.bureau.policies import check_unsettled
from apps.common.refusals import Refused

CORRECTED = "改正后重新登记"


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
    report = reports.as_row(read.report, file=line.file, at=at)
    reports.receive(rows=[report], by=by, at=at)
    _settle(line, by=by, at=at, settlement=CORRECTED, report=report)
    return report


@transaction.atomic
def dismiss(*, line, reason, by, at):
    """Decide that `line` is not used. Raises `Refused` as `correct`."""
    _settle(line, by=by, at=at, settlement=reason, report=None)


def _settle(line, *, by, at, settlement, report):
    if not QuarantinedLine.objects.filter(pk=line.pk, settled_at=None).update(
        settled_at=at, settled_by=by, settlement=settlement, report=report
    ):
        line.refresh_from_db(fields=["settled_at"])
        check_unsettled(line)
