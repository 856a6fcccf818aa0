"""What was given up, and what an operator does about it: try again, or set aside with a reason.

The verbs are those of the rooms; each writes its event.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db.models import QuerySet

from apps.bureau.enums import ReportStatus
from apps.bureau.models import BureauReport
from apps.bureau_desk import services as bureau
from apps.common.refusals import Refused
from apps.exports import services as exports
from apps.exports.enums import ExportStatus
from apps.exports.models import Export
from apps.notices import channels, giving_up
from apps.notices.models import Notice

SHOWN = 50


@dataclass(frozen=True)
class GivenUp:
    """One row that was given up: its key in the form, and what is shown of it."""

    key: str
    name: str
    says: str
    since: datetime


@dataclass(frozen=True)
class GivenUpKind:
    """A kind of rows that can be tried again. `retry` and `set_aside` take row, by and at."""

    key: str
    title: str
    rows: Callable[[], QuerySet]
    describe: Callable
    retry: Callable
    set_aside: Callable

    def listed(self):
        """(the oldest `SHOWN` of them, how many there are)."""
        rows = self.rows().order_by("pk")
        return [self.describe(row) for row in rows[:SHOWN]], rows.count()


def _notice(notice):
    label = channels.get(notice.channel).label
    return GivenUp(str(notice.pk), f"{label} {notice.pk}", notice.last_error, notice.created_at)


def _export(export):
    return GivenUp(str(export.pk), export.reference, export.error, export.status_since)


def _report(report):
    return GivenUp(str(report.pk), report.reference, report.error, report.received_at)


KINDS = (
    GivenUpKind(
        "messages",
        "没有发出的消息",
        Notice.objects.given_up,
        _notice,
        lambda row, **who: giving_up.retry(notice=row, **who),
        lambda row, **who: giving_up.set_aside(notice=row, **who),
    ),
    GivenUpKind(
        "exports",
        "没有完成的导出",
        lambda: Export.objects.filter(status=ExportStatus.FAILED),
        _export,
        lambda row, **who: exports.retry(export=row, **who),
        lambda row, **who: exports.set_aside(export=row, **who),
    ),
    GivenUpKind(
        "reports",
        "没能登记的制卡回盘",
        lambda: BureauReport.objects.filter(status=ReportStatus.REFUSED),
        _report,
        lambda row, **who: bureau.retry_report(report=row, **who),
        lambda row, **who: bureau.dismiss_report(report=row, **who),
    ),
)


def kind_of(key):
    """The `GivenUpKind` with this key, or None."""
    return next((kind for kind in KINDS if kind.key == key), None)


def retry(*, kind, keys, by, at):
    """Try the rows of `kind` with these `keys` again. Returns (how many, the refusals)."""
    return _each(kind, keys, partial(kind.retry, by=by, at=at))


def set_aside(*, kind, keys, reason, by, at):
    """Set these rows aside for a `reason`. Returns (how many, the refusals)."""
    return _each(kind, keys, partial(kind.set_aside, reason=reason, by=by, at=at))


def _each(kind, keys, verb):
    done, refusals = 0, []
    for row in kind.rows().filter(pk__in=keys).order_by("pk"):
        try:
            verb(row)
        except Refused as refusal:
            refusals.append(refusal.message)
        else:
            done += 1
    return done, refusals
