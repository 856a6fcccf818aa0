"""The batches: what left or could not leave, and how far the bureau is with it."""

from collections import defaultdict

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.bureau import batches, event_kinds, production, readdressing
from apps.bureau.enums import AddressAction, ReportKind
from apps.bureau.models import BureauReport, ProductionBatch, ProductionOrder
from apps.bureau.models.production import BatchState
from apps.bureau_desk import lists, offers
from apps.bureau_desk.views import show
from apps.common import moments
from apps.common.refusals import Refused
from apps.desk import roles
from apps.desk.colleagues import told
from apps.desk.gates import readers_only, requires
from apps.events.models import Event
from apps.typed_text.plain_text import visible
from apps.unsent.typed_again import posted_from


@readers_only
@require_safe
def index(request):
    state = lists.choice(request.GET.get("state"), BatchState)
    wanted = visible(request.GET.get("q", "")).strip()
    rows = ProductionBatch.objects.all()
    if state:
        rows = rows.in_state(state)
    if wanted:
        rows = rows.filter(
            Q(reference__iexact=wanted)
            | Q(orders__reference__iexact=wanted)
            | Q(orders__card_request__reference__iexact=wanted)
        ).distinct()
    page = lists.page_of(rows, request.GET, by="created_at")
    progress = batches.progress(page.rows, at=timezone.now())
    return show(
        request,
        "bureau_desk/batches.html",
        tab="batches",
        title="制卡批次",
        states=BatchState,
        state=state,
        wanted=wanted,
        rows=[(batch, progress[batch.pk]) for batch in page.rows],
        page=page,
    )


@readers_only
@require_safe
def detail(request, reference):
    batch = get_object_or_404(ProductionBatch, reference=reference)
    at = timezone.now()
    progress = batches.progress([batch], at=at)[batch.pk]
    orders = list(
        batch.orders.select_related(
            "card_request__particulars", "card_request__city", "card_request__bank"
        )
        .only(
            "reference",
            "status",
            "fault",
            "batch_id",
            "card_request__reference",
            "card_request__status",
            "card_request__city__name",
            "card_request__bank__name",
            "card_request__particulars__name",
        )
        .order_by("pk")
    )
    changed = batch.orders.readdressed()
    readdressed = dict(changed.values_list("pk", "card_request__shipment__saved_at"))
    untold = set(batches.untold().filter(batch=batch).values_list("pk", flat=True))
    calls = {
        order.pk: offers.note_call(order, by=request.user) for order in orders if order.pk in untold
    }
    said = Event.objects.of_kind(event_kinds.ADDRESS).exclude(action=AddressAction.CHANGE)
    addressed = said.filter(subject_id__in=readdressed).select_related("by__holder").order_by("pk")
    last_said = {event.subject_id: event for event in addressed}
    reports = defaultdict(list)
    for report in BureauReport.objects.filter(
        order_reference__in=[order.reference for order in orders]
    ).order_by("reported_at", "pk"):
        reports[report.order_reference].append(report)
    return show(
        request,
        "bureau_desk/batch.html",
        tab="batches",
        title=f"制卡批次 {batch.reference}",
        batch=batch,
        retry=offers.retry_batch(batch, by=request.user, at=at),
        progress=progress,
        rows=[
            {
                "order": order,
                "state": _state_of(order),
                "reports": reports[order.reference],
                "readdressed_at": readdressed.get(order.pk),
                "call": calls.get(order.pk),
                "told": last_said.get(order.pk),
            }
            for order in sorted(orders, key=_is_fine)
        ],
        files=batch.files.order_by("pk"),
    )


def _is_fine(order):
    """Those that somebody has to look at come first."""
    return not order.has_failed and not order.is_held


def _state_of(order):
    """How far one order is, as a word."""
    if order.has_failed:
        return ReportKind.FAILED.label
    return order.card_request.get_status_display()


@requires(roles.OPERATE_BUREAU)
@posted_from("admin:bureau_productionbatch_changelist")
def called(request, reference):
    """Somebody has told the bureau the new address on the telephone."""
    order = get_object_or_404(ProductionOrder.objects.select_related("batch"), reference=reference)
    try:
        readdressing.note_call(
            order=order,
            seen_saved_at=moments.parse(request.POST.get("saved_at", "")),
            by=request.user,
            at=timezone.now(),
        )
    except Refused as refusal:
        messages.info(request, told(refusal, by=request.user))
    else:
        messages.success(request, "已记下：制卡中心已知道新的收件信息。")
    return redirect("admin:bureau_productionbatch_change", order.batch.reference)


@requires(roles.OPERATE_BUREAU)
@posted_from("admin:bureau_productionbatch_change")
def retry(request, reference):
    batch = get_object_or_404(ProductionBatch, reference=reference)
    try:
        production.retry_batch(batch=batch, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, told(refusal, by=request.user))
    else:
        messages.success(request, "已排到最前，后台任务几秒内重新送出。请稍后刷新查看结果。")
    return redirect("admin:bureau_productionbatch_change", reference)
