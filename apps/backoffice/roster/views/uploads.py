"""A roster is uploaded, looked at before it does anything, mended, applied or discarded."""

import csv

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.backoffice.roster import lists, services
from apps.backoffice.roster.forms import ApplyForm, RosterUploadForm
from apps.backoffice.roster.offers import offers
from apps.backoffice.roster.views import (
    PAGE,
    PER_PAGE,
    get_upload,
    page_context,
    roster_managers,
    roster_readers,
)
from apps.common.pages import wants_fragment
from apps.common.refusals import Refused
from apps.common.stored_files import received, rows_are_stored
from apps.common.visibility import shown
from apps.desk.colleagues import told
from apps.limits.enums import UploadKind
from apps.limits.services import count_upload
from apps.roster import applying, mending
from apps.roster import services as rosters
from apps.roster import template as roster_template
from apps.roster.enums import RowKind
from apps.roster.models import RosterUpload
from apps.roster.policies import needs_count
from apps.sheets.formulas import as_words
from apps.unsent.typed_again import posted_from

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEMPLATES = {"xlsx": (roster_template.as_xlsx, XLSX), "csv": (roster_template.as_csv, CSV)}
MENDING = {"xlsx": (mending.as_xlsx, XLSX), "csv": (mending.as_csv, CSV)}


@roster_managers
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request):
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = RosterUploadForm(*posted)
    if form.is_valid():
        at = timezone.now()
        try:
            count_upload(kind=UploadKind.TABLE, by=request.user, at=at)
            with rows_are_stored():
                found, is_new = rosters.take_in(
                    content=received(form.cleaned_data["file"]),
                    is_complete=form.cleaned_data["is_complete"],
                    by=request.user,
                    at=at,
                )
        except Refused as refusal:
            form.add_error("file", told(refusal, by=request.user))
        else:
            rosters.prepare_at_once(upload=found, at=at)
            if not is_new:
                messages.info(request, "这个文件已经上传过，还没有生效，请接着核对。")
            return redirect(PAGE, found.reference)
    return render(
        request,
        "backoffice/roster/upload.html",
        page_context(request, "上传名册", form=form, is_inviting=settings.LOCAL_SIGN_IN),
    )


@roster_readers
@require_safe
def template(request, kind):
    """The roster to fill in; `kind` is xlsx or csv."""
    if kind not in TEMPLATES:
        raise Http404
    make, content_type = TEMPLATES[kind]
    response = HttpResponse(make(), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="roster-template.{kind}"'
    return response


@roster_readers
@require_safe
def detail(request, reference):
    found = get_upload(reference)
    if not wants_fragment(request):
        at = timezone.now()
        main = offers(found, by=request.user, at=at).main
        if main and found.is_unmatched:
            return redirect(main.url)
        return _page(request, found, at=at)
    progress = _progress(found)
    response = render(request, "backoffice/roster/_progress.html", progress)
    if not progress["is_running"]:
        response["HX-Refresh"] = "true"
    return response


def _progress(found):
    """How far the worker has come; `is_running` while it has something to do."""
    total = sum(found.counts.get(kind.lower(), 0) for kind in RowKind if kind.takes_effect)
    waiting = applying.waiting_rows(found).count() if found.is_applied else total
    return {
        "upload": found,
        "is_running": found.is_running,
        "done": total - waiting,
        "total": total,
    }


def _page(request, found, *, at, form=None):
    chosen = lists.chosen(request.GET.get("kind"), found)
    pages = Paginator(chosen.rows(found).order_by("line", "pk"), PER_PAGE)
    tabs = [(each, each.count(found)) for each in lists.TABS]
    tabs += [(each, count) for each in lists.SOMETIMES if (count := each.count(found))]
    same = RosterUpload.objects.applied().filter(digest=found.digest).exclude(pk=found.pk)
    earlier = same.order_by("-pk").first() if found.is_ready else None
    context = page_context(
        request,
        f"人事名册 {found.reference}",
        **_progress(found),
        tabs=tabs,
        list=chosen,
        page=pages.get_page(request.GET.get("page")),
        offers=offers(found, by=request.user, at=at),
        form=form or ApplyForm(),
        kept_until=found.at + settings.ROSTER_RETENTION,
        leaving_percent=settings.ROSTER_LEAVING_PERCENT,
        keeping_sign_in=lists.keeping_sign_in(found) if found.is_ready else 0,
        is_inviting=settings.LOCAL_SIGN_IN,
        with_phone=lists.with_phone(found) if found.is_ready else 0,
        needs_count=found.is_ready and needs_count(found),
        can_mend=found.rows.to_mend().exists(),
        failed_count=lists.FAILED.count(found),
        application=found.application,
        earlier=earlier,
        earlier_application=earlier and earlier.application,
    )
    return render(request, "backoffice/roster/detail.html", context)


@roster_readers
@require_safe
def problems(request, reference):
    """All errors as a CSV file, with a mark by which spreadsheet programs know UTF-8."""
    found = get_upload(reference)
    response = HttpResponse("\ufeff", content_type=CSV)
    response["Content-Disposition"] = f'attachment; filename="roster-{found.reference}-errors.csv"'
    writer = csv.writer(response)
    writer.writerow(["行", "工号", "列", "怎么改"])
    for row in found.rows.exclude(problems=[]).order_by("line", "pk"):
        for problem in row.problems:
            number = shown(row.employee_number, "roster.employee_number")
            writer.writerow([row.line or "", *map(as_words, (number, *problem))])
    return response


@roster_managers
@posted_from("admin:roster_rosterupload_change")
def to_mend(request, reference, kind):
    """The rows that are wrong, in full, as a file to mend and to upload again. It is logged."""
    found = get_upload(reference)
    if kind not in MENDING or not found.rows.to_mend().exists():
        raise Http404
    services.take_rows_to_mend(upload=found, kind=kind, by=request.user, at=timezone.now())
    make, content_type = MENDING[kind]
    response = HttpResponse(make(found), content_type=content_type)
    name = f"roster-{found.reference}-to-mend.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@roster_managers
@posted_from("admin:roster_rosterupload_change")
def apply(request, reference):
    found = get_upload(reference)
    form = ApplyForm(request.POST)
    at = timezone.now()
    if not form.is_valid():
        return _page(request, found, at=at, form=form)
    try:
        applying.apply(upload=found, typed_count=form.cleaned_data["count"], by=request.user, at=at)
    except Refused as refusal:
        form.add_error("count", told(refusal, by=request.user))
        if refusal.code == "count":
            return _page(request, found, at=at, form=form)
        messages.error(request, told(refusal, by=request.user))
        return redirect(PAGE, reference)
    applying.work_at_once(upload=found, at=at)
    invited = "有手机号的新进人员会陆续收到邀请短信。" if settings.LOCAL_SIGN_IN else ""
    messages.success(request, f"名册已确认。{invited}")
    return redirect(PAGE, reference)


@roster_managers
@posted_from("admin:roster_rosterupload_change")
def discard(request, reference):
    try:
        rosters.discard(upload=get_upload(reference), by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, told(refusal, by=request.user))
        return redirect(PAGE, reference)
    messages.success(request, "已放弃这份名册，读到的内容已删除，没有改动任何人。")
    return redirect("admin:roster_rosterupload_changelist")
