"""Of exports: it is known which requests a file holds, and none waits for ever."""

from django.db.models import Count, F

from apps.common.integrity import PATIENCE, About, Invariant
from apps.exports.enums import ExportStatus, ExportSubject
from apps.exports.models import Export


def _other_number_of_rows(at):
    """After a leak it must be known whose data a file held."""
    fetched = Export.objects.filter(status__in=[ExportStatus.READY, ExportStatus.EXPIRED])
    of_requests = fetched.exclude(subject=ExportSubject.MINORS)
    return of_requests.annotate(held=Count("contained")).exclude(held=F("row_count"))


def _left_alone(at):
    before = at - PATIENCE
    return Export.objects.in_flight().filter(created_at__lte=before, status_since__lte=before)


INVARIANTS = [
    Invariant("导出文件里是哪些申请，都有记录", _other_number_of_rows),
    Invariant("提交的导出都在写或写完", _left_alone, About.WORK),
]
