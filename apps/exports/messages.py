"""Which colleagues hear that a 采集表 of the schedule is there, or was not written and why."""

from apps.common.moments import day_of
from apps.desk import roles
from apps.desk.colleagues import holding
from apps.desk.models import Absence
from apps.events.messages import PORTAL_ONLY, Message, Placeholder
from apps.exports.enums import ExportAction
from apps.exports.lifecycle import EXPORT
from apps.exports.models import Export
from apps.exports.wording import label_of


def _rows():
    return Export.objects.select_related("by")


def _facts(events):
    return {event.pk: {"receiver": label_of(event.subject.receiver)} for event in events}


def _readers(event):
    """Whoever set the schedule, while there; otherwise all colleagues who may fetch the file.

    Nobody of a file that somebody ordered and waits for.
    """
    export = event.subject
    if export is None or export.for_date is None:
        return []
    away = Absence.objects.on(day_of(event.at)).values("user")
    able = set(holding(roles.EXPORT_FULL).exclude(pk__in=away).values_list("pk", flat=True))
    return [export.by_id] if export.by_id in able else sorted(able)


def _message(action, name):
    return Message(
        EXPORT.name,
        action,
        f"exports/messages/{name}.txt",
        PORTAL_ONLY,
        rows=_rows,
        facts=_facts,
        only_to=_readers,
        audience="设定自动导出的同事；不在岗的，可以下载的同事",
    )


PLACEHOLDERS = (
    Placeholder("receiver", "报送给", "社保中心（制卡）", is_needed=True),
    Placeholder("subject.for_date|day", "哪一天的", "12月4日（周五）", is_needed=True),
    Placeholder("subject.row_count", "人数", "38"),
    Placeholder("subject.expires_at|moment", "保留到", "12月5日（周六）06:00:00", is_needed=True),
)

MESSAGES = (
    _message(ExportAction.FINISH, "written"),
    _message(ExportAction.FAIL, "failed"),
)
