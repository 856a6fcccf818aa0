"""账单: the gateway's bill of each day, what differs, and the import of one by hand."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.bills import services as bills
from apps.bills import tasks
from apps.bills.models import DailyBill
from apps.common.moments import day_of
from apps.common.nudges import nudge
from apps.common.refusals import Refused
from apps.common.stored_files import received
from apps.desk.colleagues import told
from apps.desk.gates import money_readers_only, money_settlers_only
from apps.finance import lists, offers
from apps.finance.forms import BillImportForm
from apps.finance.views import show
from apps.gateways.bill_file import UnreadableBill
from apps.gateways.port import current_gateway_name
from apps.unsent.typed_again import posted_from

LIST = "admin:bills_dailybill_changelist"
BILL = "admin:bills_dailybill_change"
SHOWN = 200  # lines on one page; the counts and sums are always over all


@money_readers_only
@require_safe
def index(request):
    """The bills of the last days, and those that are not there."""
    at = timezone.now()
    return show(
        request,
        "finance/bills.html",
        title="日账单",
        tab="bills",
        missing=DailyBill.objects.missing(at).count(),
        rows=lists.bills(request.GET.get("month")),
        to_import=offers.to_import(by=request.user),
    )


@money_readers_only
@require_safe
def detail(request, reference):
    """One bill: sums, differences, lines."""
    bill = get_object_or_404(
        DailyBill.objects.select_related("taken_by__holder"), reference=reference
    )
    is_all = "all" in request.GET
    lines = bill.lines.order_by("number")
    return show(
        request,
        "finance/bill.html",
        title=f"{bill.day} 的账单",
        tab="bills",
        bill=bill,
        sums=bill.lines.sums(),
        differences=lists.of_bill(bill),
        lines=(lines if is_all else lists.differing(lines))[:SHOWN],
        is_all=is_all,
        shown=SHOWN,
        events=bill.events.select_related("by__holder").order_by("-pk"),
        offers=offers.of_bill(bill, by=request.user),
        to_import=offers.to_import(by=request.user),
    )


@money_settlers_only
@posted_from(BILL)
def fetch(request, reference):
    """Let the worker ask for a waiting bill at once."""
    bill = get_object_or_404(DailyBill, reference=reference)
    try:
        bills.fetch_soon(bill=bill, at=timezone.now())
    except Refused as refusal:
        messages.info(request, told(refusal, by=request.user))
    else:
        nudge(tasks.fetch_bills)
        messages.success(request, "后台任务马上再去取。请稍后刷新看结果。")
    return redirect(BILL, reference)


@money_settlers_only
@require_http_methods(["GET", "HEAD", "POST"])
def take(request):
    """A bill is brought by hand: looked at first, then taken. The page carries the file along."""
    at, is_posted = timezone.now(), request.method == "POST"
    form = BillImportForm(request.POST, request.FILES) if is_posted else BillImportForm()
    preview = None
    if is_posted and form.is_valid():
        try:
            preview = _read(form, at=at)
            if "confirm" in request.POST:
                return _take(request, preview, at=at)
        except UnreadableBill as error:
            form.add_error("file", str(error))
        except Refused as refusal:
            form.add_error("file", told(refusal, by=request.user))
    return show(
        request,
        "finance/bill_import.html",
        title="上传账单",
        tab="bills",
        form=form,
        preview=preview,
        shown=SHOWN,
    )


def _read(form, *, at):
    """What the preview shows of the chosen file. Raises `UnreadableBill`, `Refused`."""
    data = received(form.cleaned_data["file"])
    gateway = current_gateway_name()
    file = bills.read(gateway=gateway, data=data)
    if file.day >= day_of(at):
        raise Refused("今天还没有过完，请等明天的账单。", code="not_over")
    return {"data": data, "file": file, **lists.foreseen(file, gateway)}


@transaction.atomic
def _take(request, preview, *, at):
    """Take the bill that was looked at. If it is refused, no bill waits that nobody expects."""
    file = preview["file"]
    gateway = current_gateway_name()
    bill = bills.expect(gateway=gateway, day=file.day, by=request.user, at=at)
    found = bills.take(bill=bill, file=file, data=preview["data"], by=request.user, at=at)
    count = f"有 {len(found)} 处不符，请核对后办结。" if found else "全部相符。"
    messages.success(request, f"已收下 {file.day} 的账单：{len(file.entries)} 行，{count}")
    return redirect(BILL, bill.reference)
