"""The pages of the money desk. The admin site lets only members of the staff in."""

from django.contrib import admin, messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.backoffice.money import lists, offers, services
from apps.backoffice.money.forms import NoteForm, SettleForm
from apps.common.nudges import nudge
from apps.common.refusals import Refused
from apps.common.typed_again import posted_from
from apps.desk import event_kinds
from apps.desk.gates import readers_only, reviewers_only
from apps.payments import discrepancies, stalled, tasks
from apps.payments.models import Discrepancy, Payment

INDEX = "admin:payments_discrepancy_changelist"


def _show(request, template, **context):
    return render(request, template, {**admin.site.each_context(request), **context})


@readers_only
@require_safe
def index(request):
    """款项: what needs a person; `?state=done` what the desk has settled."""
    if request.GET.get("state") == "done":
        return _show(
            request,
            "backoffice/money/done.html",
            title="办结的款项",
            refunds=lists.settled_refunds(),
            discrepancies=lists.settled_discrepancies(),
        )
    at = timezone.now()
    refunds, refund_count = lists.refunds_in_trouble(at)
    found, found_count = lists.open_discrepancies()
    return _show(
        request,
        "backoffice/money/index.html",
        title="款项",
        now=at,
        refunds=refunds,
        refund_count=refund_count,
        discrepancies=found,
        discrepancy_count=found_count,
    )


# --- Refunds ------------------------------------------------------------------------------------


@readers_only
@require_safe
def refund(request, reference):
    return _refund_page(request, _refund(reference), at=timezone.now())


def _refund(reference):
    related = Payment.objects.select_related("card_request__holder")
    return get_object_or_404(related.told_of_since(None), reference=reference)


def _refund_page(request, payment, *, at, settle=None, note=None):
    return _show(
        request,
        "backoffice/money/refund.html",
        title=f"退款 {payment.reference}",
        payment=payment,
        offers=offers.of_refund(payment, by=request.user, at=at),
        settle=settle or SettleForm(),
        to_note=offers.to_note("note_refund", payment, by=request.user),
        note=note or NoteForm(),
        events=lists.history(payment, event_kinds.REFUND),
    )


@reviewers_only
@posted_from("admin:payments_discrepancy_refund")
def retry(request, reference):
    payment = _refund(reference)
    try:
        stalled.retry(payment=payment, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        nudge(tasks.send_refunds)
        messages.success(request, "已排到最前，后台任务马上再请支付平台退款。请稍后刷新看结果。")
    return redirect("admin:payments_discrepancy_refund", reference)


@reviewers_only
@posted_from("admin:payments_discrepancy_refund")
def settle_refund(request, reference):
    at = timezone.now()
    payment, form = _refund(reference), SettleForm(request.POST)
    if not form.is_valid():
        return _refund_page(request, payment, at=at, settle=form)
    words = form.cleaned_data["settlement"]
    try:
        stalled.settle(payment=payment, settlement=words, by=request.user, at=at)
    except Refused as refusal:
        form.add_error("settlement", refusal.message)
        return _refund_page(request, payment, at=at, settle=form)
    messages.success(request, "这笔退款已办结，申请人会收到通知。")
    return redirect(INDEX)


@reviewers_only
@posted_from("admin:payments_discrepancy_refund")
def note_refund(request, reference):
    at = timezone.now()
    payment, form = _refund(reference), NoteForm(request.POST)
    if not form.is_valid():
        return _refund_page(request, payment, at=at, note=form)
    _write_note(request, event_kinds.REFUND, payment, form, at=at)
    return redirect("admin:payments_discrepancy_refund", reference)


# --- Discrepancies ------------------------------------------------------------------------------


@readers_only
@require_safe
def discrepancy(request, reference):
    return _discrepancy_page(request, _discrepancy(reference), at=timezone.now())


def _discrepancy(reference):
    related = Discrepancy.objects.select_related("payment__card_request", "settled_by__holder")
    return get_object_or_404(related, reference=reference)


def _discrepancy_page(request, row, *, at, settle=None, note=None):
    return _show(
        request,
        "backoffice/money/discrepancy.html",
        title=f"到账不符 {row.reference}",
        row=row,
        offers=offers.of_discrepancy(row, by=request.user, at=at),
        settle=settle or SettleForm(),
        to_note=offers.to_note("note", row, by=request.user),
        note=note or NoteForm(),
        events=lists.history(row, event_kinds.DISCREPANCY),
    )


@reviewers_only
@posted_from("admin:payments_discrepancy_change")
def settle(request, reference):
    at = timezone.now()
    row, form = _discrepancy(reference), SettleForm(request.POST)
    if not form.is_valid():
        return _discrepancy_page(request, row, at=at, settle=form)
    words = form.cleaned_data["settlement"]
    try:
        discrepancies.settle(discrepancy=row, settlement=words, by=request.user, at=at)
    except Refused as refusal:
        form.add_error("settlement", refusal.message)
        return _discrepancy_page(request, row, at=at, settle=form)
    messages.success(request, "已办结，申请人会收到通知。" if row.payment else "已办结。")
    return redirect(INDEX)


@reviewers_only
@posted_from("admin:payments_discrepancy_change")
def note(request, reference):
    at = timezone.now()
    row, form = _discrepancy(reference), NoteForm(request.POST)
    if not form.is_valid():
        return _discrepancy_page(request, row, at=at, note=form)
    _write_note(request, event_kinds.DISCREPANCY, row, form, at=at)
    return redirect("admin:payments_discrepancy_change", reference)


def _write_note(request, kind, row, form, *, at):
    text = form.cleaned_data["text"]
    services.note(kind=kind, row=row, text=text, by=request.user, at=at)
    messages.success(request, "已记下。")
