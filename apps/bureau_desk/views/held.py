"""The orders on hold: what has to be mended, and how their requests go on."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.bureau import order_lines, production
from apps.bureau.models import ProductionOrder
from apps.bureau_desk import lists, offers
from apps.bureau_desk.forms import ReleaseManyForm, SendBackForm
from apps.bureau_desk.views import show
from apps.common.refusals import Refused
from apps.desk import roles
from apps.desk.colleagues import told
from apps.desk.gates import readers_only, requires
from apps.lifecycle.refusals import NotAllowed
from apps.unsent.merging import said
from apps.unsent.typed_again import posted_from

LIST = "admin:bureau_productionbatch_held"
PAGE = "admin:bureau_productionbatch_hold"
MOST = 200  # on one page

operators_only = requires(roles.OPERATE_BUREAU)


def _orders():
    return ProductionOrder.objects.select_related(
        "batch", "card_request__city", "card_request__bank", "card_request__particulars"
    )


@readers_only
@require_safe
def index(request):
    page = lists.page_of(_orders().held(), request.GET, by="status_since")
    return show(
        request,
        "bureau_desk/held.html",
        tab="held",
        title="搁置的制卡单",
        rows=page.rows,
        page=page,
        release_many=offers.release_many(page.rows, by=request.user),
    )


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def release_many(request):
    """What each order on hold would do now, and sending the chosen ones on together."""
    at = timezone.now()
    rows = list(_orders().held().order_by("pk")[:MOST])
    faults = order_lines.present_faults(
        ProductionOrder.objects.filter(pk__in=[order.pk for order in rows])
    )
    form = ReleaseManyForm(
        request.POST if request.method == "POST" else None,
        references=[order.reference for order in rows],
        initial={"orders": [order.reference for order in rows if order.pk not in faults]},
    )
    if form.is_valid():
        chosen = form.cleaned_data["orders"]
        sweep = production.release_all(references=chosen, by=request.user, at=at)
        if sweep.done:
            messages.success(
                request,
                f"{sweep.done} 张已排进下一批，后台任务几秒内送出；还有问题的会再搁置。",
            )
        if sweep.done < len(chosen):
            messages.warning(
                request, f"{len(chosen) - sweep.done} 张没有送：已由别人办理，或刚刚有了变化。"
            )
        return redirect(LIST)
    return show(
        request,
        "bureau_desk/release.html",
        tab="held",
        title="批量重新送制",
        form=form,
        rows=[
            (box, order, faults.get(order.pk))
            for box, order in zip(form["orders"], rows, strict=False)
        ],
        total=ProductionOrder.objects.held().count(),
    )


@readers_only
@require_safe
def detail(request, reference):
    return _page(request, get_object_or_404(_orders(), reference=reference), at=timezone.now())


def _page(request, order, *, at, form=None, typed=()):
    return show(
        request,
        "bureau_desk/hold.html",
        tab="held",
        title=f"制卡单 {order.reference}",
        order=order,
        release=offers.release_order(order, by=request.user, at=at),
        send_back=offers.send_order_back(order, by=request.user, at=at),
        form=form or SendBackForm(),
        typed=typed,
        events=order.events.select_related("by__holder"),
    )


@operators_only
@posted_from(PAGE)
def release(request, reference):
    order = get_object_or_404(_orders(), reference=reference)
    try:
        production.release(order=order, by=request.user, at=timezone.now())
    except NotAllowed as refusal:
        messages.error(request, told(refusal, by=request.user))
        return redirect(PAGE, reference)
    messages.success(request, "已排进下一批，后台任务几秒内送出；还有问题会再搁置。")
    return redirect(LIST)


@operators_only
@posted_from(PAGE)
def send_back(request, reference):
    order = get_object_or_404(_orders(), reference=reference)
    at = timezone.now()
    form = SendBackForm(request.POST)
    if form.is_valid():
        try:
            production.send_back(
                order=order, reason=form.cleaned_data["reason"], by=request.user, at=at
            )
        except Refused as refusal:
            order = get_object_or_404(_orders(), reference=reference)
            if order.is_held:
                form.add_error("reason", told(refusal, by=request.user))
            else:
                messages.error(request, told(refusal, by=request.user))
                return _page(request, order, at=at, typed=said(form))
        else:
            messages.success(request, "已退回审核，在「制卡失败退回」里；审核人可以请申请人修改。")
            return redirect(LIST)
    return _page(request, order, at=at, form=form)
