"""The pages of the money desk. The admin site lets only members of the staff in."""

from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.common.addresses import row_url
from apps.common.nudges import nudge
from apps.common.refusals import Refused
from apps.desk import event_kinds
from apps.desk.colleagues import told
from apps.desk.gates import money_readers_only, money_settlers_only
from apps.finance import lists, offers, services
from apps.finance.forms import NoteForm, SettleForm
from apps.finance.permissions import role_of
from apps.finance.views import show
from apps.payments import discrepancies, stalled, tasks
from apps.payments.models import Discrepancy, Payment
from apps.unsent.merging import said
from apps.unsent.typed_again import posted_from

INDEX = "admin:payments_discrepancy_changelist"
REFUND = "admin:payments_discrepancy_refund"
DISCREPANCY = "admin:payments_discrepancy_change"


@money_readers_only
@require_safe
def index(request):
    """款项: what needs a person; `?state=done` what the desk has settled."""
    if request.GET.get("state") == "done":
        return show(
            request,
            "finance/done.html",
            title="办结的款项",
            tab="money",
            refunds=lists.settled_refunds(),
            discrepancies=lists.settled_discrepancies(),
        )
    at = timezone.now()
    refunds, refund_count = lists.refunds_in_trouble(at)
    found, found_count = lists.open_discrepancies()
    return show(
        request,
        "finance/index.html",
        title="款项",
        tab="money",
        now=at,
        refunds=refunds,
        refund_count=refund_count,
        discrepancies=found,
        discrepancy_count=found_count,
    )


# --- Refunds ------------------------------------------------------------------------------------


@money_readers_only
@require_safe
def refund(request, reference):
    return _refund_page(request, _refund(reference), at=timezone.now())


def _refund(reference):
    related = Payment.objects.select_related("card_request__holder")
    return get_object_or_404(related.told_of_since(None), reference=reference)


def _refund_page(request, payment, *, at, settle=None, note=None, typed=()):
    return show(
        request,
        "finance/refund.html",
        title=f"退款 {payment.reference}",
        payment=payment,
        typed=typed,
        offers=offers.of_refund(payment, by=request.user, at=at),
        settle=settle or SettleForm(),
        to_note=offers.to_note("note_refund", payment, by=request.user),
        note=note or NoteForm(),
        events=lists.history(payment, event_kinds.REFUND),
    )


@money_settlers_only
@posted_from(REFUND)
def retry(request, reference):
    payment = _refund(reference)
    try:
        stalled.retry(
            payment=payment, by=request.user, role=role_of(request.user), at=timezone.now()
        )
    except Refused as refusal:
        messages.error(request, told(refusal, by=request.user))
    else:
        nudge(tasks.send_refunds)
        messages.success(request, "已排到最前，后台任务马上再请支付平台退款。请稍后刷新看结果。")
    return redirect(REFUND, reference)


@money_settlers_only
@posted_from(REFUND)
def settle_refund(request, reference):
    at = timezone.now()
    payment, form = _refund(reference), SettleForm(request.POST)
    verb = partial(
        stalled.settle, payment=payment, by=request.user, role=role_of(request.user), at=at
    )

    def page(**context):
        return _refund_page(request, _refund(reference), at=at, **context)

    return _settle(request, form, verb, page, done="这笔退款已办结，申请人会收到通知。")


@money_settlers_only
@posted_from(REFUND)
def note_refund(request, reference):
    at = timezone.now()
    payment, form = _refund(reference), NoteForm(request.POST)
    page = partial(_refund_page, request, payment, at=at)
    verb = partial(services.note, kind=event_kinds.REFUND, row=payment, by=request.user, at=at)
    return _note(request, form, verb, page, back=row_url(REFUND, reference))


# --- Discrepancies ------------------------------------------------------------------------------


@money_readers_only
@require_safe
def discrepancy(request, reference):
    return _discrepancy_page(request, _discrepancy(reference), at=timezone.now())


def _discrepancy(reference):
    related = Discrepancy.objects.select_related("payment__card_request", "settled_by__holder")
    return get_object_or_404(related, reference=reference)


def _discrepancy_page(request, row, *, at, settle=None, note=None, typed=()):
    return show(
        request,
        "finance/discrepancy.html",
        title=f"款项不符 {row.reference}",
        row=row,
        typed=typed,
        offers=offers.of_discrepancy(row, by=request.user, at=at),
        settle=settle or SettleForm(),
        to_note=offers.to_note("note", row, by=request.user),
        note=note or NoteForm(),
        events=lists.history(row, event_kinds.DISCREPANCY),
    )


@money_settlers_only
@posted_from(DISCREPANCY)
def settle(request, reference):
    at = timezone.now()
    row, form = _discrepancy(reference), SettleForm(request.POST)
    verb = partial(
        discrepancies.settle, discrepancy=row, by=request.user, role=role_of(request.user), at=at
    )

    def page(**context):
        return _discrepancy_page(request, _discrepancy(reference), at=at, **context)

    done = "已办结，申请人会收到通知。" if row.holder_id else "已办结。"
    return _settle(request, form, verb, page, done=done)


@money_settlers_only
@posted_from(DISCREPANCY)
def note(request, reference):
    at = timezone.now()
    row, form = _discrepancy(reference), NoteForm(request.POST)
    page = partial(_discrepancy_page, request, row, at=at)
    verb = partial(services.note, kind=event_kinds.DISCREPANCY, row=row, by=request.user, at=at)
    return _note(request, form, verb, page, back=row_url(DISCREPANCY, reference))


# --- What both have -----------------------------------------------------------------------------


def _settle(request, form, verb, page, *, done):
    """Settle by `verb` and go to the list with the words `done`, or show `page` again.

    Whoever comes second reads on the page who was first, and what was typed.
    """
    if not form.is_valid():
        return page(settle=form)
    try:
        verb(settlement=form.cleaned_data["settlement"])
    except Refused as refusal:
        messages.error(request, told(refusal, by=request.user))
        return page(typed=said(form))
    messages.success(request, done)
    return redirect(INDEX)


def _note(request, form, verb, page, *, back):
    """Write the note down by `verb` and go `back`, or show `page` again."""
    if not form.is_valid():
        return page(note=form)
    verb(text=form.cleaned_data["text"])
    messages.success(request, "已记下。")
    return redirect(back)
