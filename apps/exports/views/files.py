"""The pages of an export: what it will hold, how far it is, and its file.

The admin site wraps each view: only members of the staff may open it, and no cache stores it.
"""

import logging

from django.conf import settings
from django.contrib import admin, messages
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.common.moments import day_of
from apps.common.nudges import nudge
from apps.common.pages import page_or_fragment
from apps.common.refusals import Refused
from apps.desk import roles
from apps.desk.colleagues import told
from apps.desk.gates import readers_only, requires, reviewers_only
from apps.encryption.ciphers import InvalidToken
from apps.exports import ledger, services, tasks
from apps.exports.columns import columns
from apps.exports.enums import ExportAction
from apps.exports.forms import ExportForm, LedgerForm
from apps.exports.models import Export
from apps.exports.offers import offers
from apps.exports.wording import sentence
from apps.review.filters import RequestFilter
from apps.unsent.typed_again import posted_from

logger = logging.getLogger(__name__)

PAGE = "admin:exports_export_change"
POLL_SECONDS = 2


@reviewers_only
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """What would be exported of the requests that the query string chooses, and the form."""
    chosen = RequestFilter(request.GET)
    may_be_full = request.user.has_perm(roles.EXPORT_FULL)
    form = ExportForm(request.POST or None, may_be_full=may_be_full)
    at = timezone.now()
    refusal = None
    if request.method == "POST" and chosen.is_valid() and form.is_valid():
        try:
            export = services.order(form=chosen, **form.order(), by=request.user, at=at)
        except Refused as error:
            refusal = error
        else:
            nudge(tasks.write_exports)
            return redirect(PAGE, export.reference)
    context = {
        **admin.site.each_context(request),
        "title": "导出申请",
        "form": form,
        "columns": columns(),
        "may_be_full": may_be_full,
        "refusal": refusal,
        **_scope(request, chosen, at=at),
    }
    return render(request, "exports/new.html", context)


@requires(roles.TRACE_LOOKS)
@require_http_methods(["GET", "HEAD", "POST"])
def minors(request):
    """未成年人信息台账: figures for the yearly audit, without anybody's data."""
    at = timezone.now()
    today = day_of(at)
    form = LedgerForm(
        request.POST if request.method == "POST" else None,
        today=today,
        initial={"year": request.GET.get("year", today.year)},
    )
    if form.is_valid():
        try:
            export = services.order_ledger(**form.cleaned_data, by=request.user, at=at)
        except Refused as refusal:
            messages.error(request, told(refusal, by=request.user))
        else:
            nudge(tasks.write_exports)
            return redirect(PAGE, export.reference)
    context = {
        **admin.site.each_context(request),
        "title": "未成年人信息台账",
        "form": form,
        "columns": ledger.COLUMNS,
    }
    return render(request, "exports/ledger.html", context)


def _scope(request, chosen, *, at):
    """What the filter chooses, in words and in figures."""
    if not chosen.is_valid():
        return {"is_filter_valid": False}
    rows = services.count(form=chosen, by=request.user, at=at)
    most = settings.EXPORT_MAX_ROWS
    return {
        "is_filter_valid": True,
        "filter": services.asked_for(form=chosen),
        "chosen": chosen.chosen,
        "everything": services.WAITING_ONLY,
        "rows": min(rows, most),
        "most": most,
        "is_too_much": rows > most,
        "is_possible": 0 < rows <= most,
    }


def _get(request, reference):
    related = Export.objects.visible_to(request.user).select_related("by__holder")
    return get_object_or_404(related, reference=reference)


@readers_only
@require_safe
def detail(request, reference):
    """How far the export is; asked by htmx, the part that changes."""
    export = _get(request, reference)
    at = timezone.now()
    ends = export.events.filter(action__in=(ExportAction.FINISH, ExportAction.FAIL))
    context = {
        **admin.site.each_context(request),
        "title": f"导出 {export.reference}",
        "export": export,
        "status": export.status_at(at),
        "sentence": sentence(export, at=at),
        "offers": offers(export, by=request.user, at=at),
        "finished_at": ends.values_list("at", flat=True).first(),
        "interval": POLL_SECONDS if export.is_in_flight(at) else None,
    }
    return page_or_fragment(
        request,
        page="exports/detail.html",
        fragment="exports/_progress.html",
        context=context,
    )


@readers_only
@posted_from("admin:exports_export_change")
def fetch(request, reference):
    """The file, for the user who ordered it. Each download is recorded."""
    export = get_object_or_404(Export.objects.fetchable_by(request.user), reference=reference)
    try:
        services.record_fetch(export=export, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, told(refusal, by=request.user))
        return redirect(PAGE, reference)
    try:
        file = services.opened(export=export)
    except (OSError, InvalidToken):
        logger.exception("Export %s cannot be read", reference)
        messages.error(
            request, "这个文件现在打不开，不是您的问题。请过几分钟再试，还是不行就再导出一次。"
        )
        return redirect(PAGE, reference)
    return FileResponse(file, as_attachment=True, filename=export.file_name)
