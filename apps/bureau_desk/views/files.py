"""The files of the exchange, and the upload of a report file."""

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.bureau.adapters import report_file
from apps.bureau.enums import LineStatus
from apps.bureau.models import BureauFile
from apps.bureau_desk import lists, offers, report_preview, services
from apps.bureau_desk.forms import BureauUploadForm
from apps.bureau_desk.report_preview import LineOutcome
from apps.bureau_desk.views import show
from apps.common.gone import WhatIsGone, get_or_gone
from apps.common.refusals import Refused
from apps.common.stored_files import received, rows_are_stored
from apps.desk import roles
from apps.desk.colleagues import told
from apps.desk.gates import readers_only, requires
from apps.limits.enums import UploadKind
from apps.limits.services import count_upload
from apps.unsent.typed_again import posted_from

# Lines that a preview shows. The counts are always over all lines.
SHOWN = 200

_OVER = WhatIsGone(
    "这次上传的预览已经没有了",
    "确认以后文件在列表里；放弃了的和过期没有确认的，没有登记，内容已经删除，可以重新上传。",
    "去制卡往来文件",
    "admin:bureau_bureaufile_changelist",
)

operators_only = requires(roles.OPERATE_BUREAU)


@readers_only
@require_safe
def index(request):
    direction = lists.choice(request.GET.get("direction"), BureauFile.Direction)
    rows = BureauFile.objects.select_related("batch", "exchanged_by__holder").annotate(
        open_lines=Count("quarantined", filter=Q(quarantined__status=LineStatus.OPEN))
    )
    if direction:
        rows = rows.filter(direction=direction)
    page = lists.page_of(rows, request.GET, by="exchanged_at")
    return show(
        request,
        "bureau_desk/files.html",
        tab="files",
        title="制卡往来文件",
        upload=offers.upload(by=request.user),
        directions=BureauFile.Direction,
        direction=direction,
        rows=page.rows,
        page=page,
    )


@readers_only
@require_safe
def detail(request, reference):
    file = get_object_or_404(
        BureauFile.objects.select_related("batch", "exchanged_by__holder"), reference=reference
    )
    return show(
        request,
        "bureau_desk/file.html",
        tab="files",
        title=f"制卡往来文件 {file.reference}",
        file=file,
        lines=file.quarantined.defer("content").order_by("number")[:SHOWN],
        reports=file.reports.order_by("pk")[:SHOWN],
        shown=SHOWN,
    )


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request):
    is_posted = request.method == "POST"
    form = BureauUploadForm(request.POST, request.FILES) if is_posted else BureauUploadForm()
    if is_posted and form.is_valid():
        chosen = form.cleaned_data["file"]
        at = timezone.now()
        try:
            count_upload(kind=UploadKind.TABLE, by=request.user, at=at)
            with rows_are_stored():
                kept = services.keep_upload(
                    name=chosen.name, data=received(chosen), by=request.user, at=at
                )
        except Refused as refusal:
            form.add_error("file", told(refusal, by=request.user))
        else:
            return redirect("admin:bureau_bureaufile_preview", kept.reference)
    return show(
        request,
        "bureau_desk/upload.html",
        tab="files",
        title="上传回盘文件",
        form=form,
        columns=",".join(report_file.COLUMNS),
    )


def _get_upload(reference, *, at):
    uploads = services.live_uploads(at=at).select_related("uploaded_by__holder")
    return get_or_gone(uploads, _OVER, reference=reference)


@operators_only
@require_safe
def preview(request, reference):
    at = timezone.now()
    kept = _get_upload(reference, at=at)
    foresights = report_preview.preview(report_file.read(kept.name, kept.data, at=at))
    order = list(LineOutcome)
    foresights.sort(key=lambda seen: (order.index(seen.outcome), seen.line.number))
    return show(
        request,
        "bureau_desk/preview.html",
        tab="files",
        title="预览回盘文件",
        upload=kept,
        total=len(foresights),
        summary=report_preview.summary(foresights),
        rows=[(seen, report_preview.label_of(seen.line)) for seen in foresights[:SHOWN]],
        shown=SHOWN,
    )


@operators_only
@posted_from("admin:bureau_bureaufile_preview")
def confirm(request, reference):
    at = timezone.now()
    kept = _get_upload(reference, at=at)
    try:
        row = services.confirm_upload(upload=kept, by=request.user, at=at)
    except Refused as refusal:
        messages.error(request, told(refusal, by=request.user))
        return redirect("admin:bureau_bureaufile_changelist")
    messages.success(
        request,
        f"已收下：新的 {row.good} 行，重复的 {row.repeated} 行，隔离的 {row.broken} 行。"
        "后台任务几秒内登记到各件申请。",
    )
    return redirect("admin:bureau_bureaufile_change", row.reference)


@operators_only
@posted_from("admin:bureau_bureaufile_preview")
def discard(request, reference):
    services.discard_upload(upload=_get_upload(reference, at=timezone.now()))
    messages.info(request, "已放弃，文件没有登记，内容已删除。")
    return redirect("admin:bureau_bureaufile_changelist")
