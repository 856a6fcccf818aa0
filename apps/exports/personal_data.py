"""What is kept of exports: a file for a day, and for good that there was one."""

from apps.common.kept_data import Category, DataSource, LegalGround, PersonalData, Term
from apps.desk.event_kinds import EXPORT_FILE
from apps.events.models import Event
from apps.exports.models import ExportedRequest

KEPT = (
    PersonalData(
        category=Category.WORK,
        model="exports.Export",
        fields=("file",),
        purpose="人事处核对、上报",
        source=DataSource.DESK,
        ground=LegalGround.DUTY,
        term=Term("生成", "EXPORT_LIFETIME"),
        not_shown="整个文件加密保存，里面也有别人的信息",
        stays="到期自动删除",
    ),
    PersonalData(
        category=Category.WORK,
        model="exports.ExportedRequest",
        fields=("export",),
        purpose="发生泄露时查得出文件里有谁",
        source=DataSource.PORTAL,
        ground=LegalGround.DUTY,
        term=Term("和导出记录一起长期保存；只有编号"),
        of="card_request__holder",
        stays="没有它，泄露以后不知道该通知谁",
    ),
)

WITHOUT = {
    "exports.Export": (
        "status_since",
        "reference",
        "by",
        "subject",
        "format",
        "filter",
        "scope",
        "is_full",
        "reason",
        "expected_rows",
        "row_count",
        "status",
        "created_at",
        "leased_until",
        "tries",
        "expires_at",
        "error",
        "receiver",
        "profile",
        "for_date",
    ),
    "exports.SheetProfile": (
        "receiver",
        "version",
        "columns",
        "format",
        "schedule",
        "at",
        "by",
    ),
    "exports.ExportedRequest": ("card_request",),
}


def looks_in_files(holder, *, limit):
    """(event of the download, what was in the file) of the files that held data of `holder`."""
    exports = ExportedRequest.objects.filter(card_request__holder=holder).values("export")
    fetched = (
        Event.objects.of_kind(EXPORT_FILE)
        .filter(subject_id__in=exports)
        .select_related("by__holder")
        .order_by("-pk")
    )
    return [
        (event, file_of(event.facts)) for event in (fetched if limit is None else fetched[:limit])
    ]


def file_of(facts):
    """What was in the file that the event of a download with these `facts` names."""
    if "receiver" in facts:
        return "采集表，为接收方加密"
    return "导出文件（完整号码）" if facts["is_full"] else "导出文件（已遮盖）"
