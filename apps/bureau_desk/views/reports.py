"""The reports of the bureau: what was applied, what waits, and what was refused, with why."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.bureau.enums import ReportStatus
from apps.bureau.models import BureauReport, ProductionOrder
from apps.bureau_desk import lists, offers, services
from apps.bureau_desk.forms import DismissReportForm
from apps.bureau_desk.views import show
from apps.common.refusals import Refused
from apps.desk import roles
from apps.desk.colleagues import told
from apps.desk.gates import readers_only, requires
from apps.lifecycle.refusals import NotAllowed
from apps.typed_text.plain_text import visible
from apps.unsent.merging import said
from apps.unsent.typed_again import posted_from


@readers_only
@require_safe
def index(request):
    at = timezone.now()
    state = lists.choice(request.GET.get("state"), ReportStatus)
    wanted = visible(request.GET.get("q", "")).strip()
    rows = BureauReport.objects.select_related("file")
    if state:
        rows = rows.filter(status=state)
    if wanted:
        rows = rows.filter(order_reference=wanted.upper())
    page = lists.page_of(rows, request.GET, by="received_at")
    orders = ProductionOrder.objects.select_related("card_request", "batch").in_bulk(
        {report.order_reference for report in page.rows}, field_name="reference"
    )
    return show(
        request,
        "bureau_desk/reports.html",
        tab="reports",
        title="制卡回盘",
        states=ReportStatus,
        state=state,
        wanted=wanted,
        rows=[
            (
                report,
                orders.get(report.order_reference),
                offers.retry_report(report, by=request.user, at=at),
                offers.dismiss_report(report, by=request.user, at=at),
            )
            for report in page.rows
        ],
        page=page,
    )


@requires(roles.OPERATE_BUREAU)
@posted_from("admin:bureau_bureaureport_changelist")
def retry(request, reference):
    report = get_object_or_404(BureauReport, reference=reference)
    try:
        is_applied = services.retry_report(report=report, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, told(refusal, by=request.user))
    else:
        if is_applied:
            messages.success(request, "这一条已经登记，申请已往前走一步。")
        else:
            messages.warning(request, "这一条还不能登记，原因写在下面。")
    return redirect(
        reverse("admin:bureau_bureaureport_changelist", query={"q": report.order_reference})
    )


@requires(roles.OPERATE_BUREAU)
@require_http_methods(["GET", "HEAD", "POST"])
def dismiss(request, reference):
    report = get_object_or_404(BureauReport, reference=reference)
    at = timezone.now()
    form = DismissReportForm(request.POST if request.method == "POST" else None)
    typed = []
    if form.is_valid():
        try:
            services.dismiss_report(
                report=report, reason=form.cleaned_data["reason"], by=request.user, at=at
            )
        except NotAllowed as refusal:
            messages.error(request, told(refusal, by=request.user))
            typed = said(form)
            report.refresh_from_db()
        except Refused as refusal:
            form.add_error("reason", told(refusal, by=request.user))
        else:
            messages.success(request, "这一条不再登记，原因已记录。")
            return redirect(
                reverse("admin:bureau_bureaureport_changelist", query={"q": report.order_reference})
            )
    reports = BureauReport.objects.filter(order_reference=report.order_reference)
    return show(
        request,
        "bureau_desk/dismiss_report.html",
        tab="reports",
        title=f"制卡回盘 {report.reference}",
        report=report,
        all_of_order=reports.order_by("reported_at", "pk"),
        dismiss=offers.dismiss_report(report, by=request.user, at=at),
        form=form,
        typed=typed,
    )
