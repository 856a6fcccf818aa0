"""月结: what a month at the gateway adds up to, its closing, and the file of its entries."""

import io
from contextlib import suppress

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.bills import booking, closing
from apps.bills.enums import MonthAction
from apps.bills.models import ClosedMonth
from apps.common.refusals import Refused
from apps.desk.gates import money_readers_only, money_settlers_only
from apps.exports import files
from apps.exports.enums import ExportFormat
from apps.finance import lists, offers
from apps.finance.entry_columns import COLUMNS, balance, row
from apps.finance.views import show
from apps.gateways.port import current_gateway_name
from apps.unsent.typed_again import posted_from

OPEN = "admin:bills_closedmonth_open"
MONTH = "admin:bills_closedmonth_change"
PER_PAGE = 100
CONTENT_TYPES = {
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.CSV: "text/csv; charset=utf-8",
}


@money_readers_only
@require_safe
def index(request):
    """The closed months, the latest first, and the one to close next."""
    rows = ClosedMonth.objects.select_related("closed_by__holder")
    return show(
        request,
        "finance/months.html",
        title="月结",
        tab="months",
        rows=rows.order_by("-month", "gateway"),
        next_month=booking.next_to_close(current_gateway_name()),
    )


@money_readers_only
@require_safe
def to_close(request):
    """The month to close next, as it stands now."""
    return _open_page(request, at=timezone.now())


def _open_page(request, *, at, refusal=None):
    gateway = current_gateway_name()
    month = booking.next_to_close(gateway)
    if month is None:
        return redirect("admin:bills_closedmonth_changelist")
    entries = booking.unbooked(gateway, month)
    return _page(
        request,
        entries,
        gateway=gateway,
        month=month,
        sums=booking.sums(entries, booking.opening_of(gateway, month)),
        differences=booking.open_differences(gateway, month).count(),
        offer=offers.to_close(gateway, month, by=request.user, at=at),
        refusal=refusal,
    )


def _page(request, entries, *, gateway, month, sums, **context):
    late = [entry for entry in entries if entry.is_late]
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    return show(
        request,
        "finance/month.html",
        title=f"{month.year} 年 {month.month} 月",
        tab="months",
        month=month,
        sums=sums,
        beside=booking.beside_bills(sums, gateway=gateway, month=month),
        found=lists.of_month(gateway, month),
        page=page,
        late=late,
        **context,
    )


@money_settlers_only
@posted_from(OPEN)
def close(request):
    """Close the month that the page showed, at the sum that it showed."""
    at, gateway = timezone.now(), current_gateway_name()
    shown, _, fen = request.POST.get("shown", "").partition(" ")
    month = booking.next_to_close(gateway)
    try:
        if month is None or shown != month.isoformat() or not fen.lstrip("-").isdecimal():
            raise Refused("这一页已经旧了，请看现在的金额再结账。", code="old")
        closed = closing.close(
            gateway=gateway, month=month, shown_fen=int(fen), by=request.user, at=at
        )
    except Refused as refusal:
        return _open_page(request, at=at, refusal=refusal)
    messages.success(request, f"{month.year} 年 {month.month} 月已结账，不能再改。")
    return redirect(MONTH, closed.reference)


@money_readers_only
@require_safe
def detail(request, reference):
    """A closed month, as it was closed."""
    closed = get_object_or_404(
        ClosedMonth.objects.select_related("closed_by__holder"), reference=reference
    )
    return _page(
        request,
        list(_entries(closed)),
        gateway=closed.gateway,
        month=closed.month,
        sums=closed.sums,
        differences=closed.open_differences,
        closed=closed,
        formats=ExportFormat,
    )


def _entries(closed):
    return closed.entries.select_related("payment", "line").order_by("happened_at", "pk")


@money_readers_only
@posted_from(MONTH)
def file(request, reference):
    """The entries of a closed month as a file. It is recorded who takes it."""
    closed = get_object_or_404(ClosedMonth, reference=reference)
    format_ = None
    with suppress(ValueError):
        format_ = ExportFormat(request.POST.get("format", ""))
    if format_ is None:
        raise Http404
    closing.record(closed=closed, action=MonthAction.FETCH, by=request.user, at=timezone.now())
    written = io.BytesIO()
    files.write(_rows(closed), COLUMNS, format=format_, target=written)
    response = HttpResponse(written.getvalue(), content_type=CONTENT_TYPES[format_])
    name = f"closed-{closed.month.isoformat()[:7]}-{closed.gateway}.{format_.lower()}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _rows(closed):
    """The entries between what the month before left and what this one leaves."""
    yield balance("期初", closed.opening_fen)
    yield from map(row, _entries(closed))
    yield balance("期末", closed.closing_fen)
