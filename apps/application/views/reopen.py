"""需要修改信息 by the applicant's own discovery: change it alone, or ask the desk to."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from apps.application.forms import AskForm, ReopenForm
from apps.application.offers import ASK, REOPEN, changes_of
from apps.application.views.access import acting
from apps.common.refusals import Refused
from apps.inquiries import services as inquiries
from apps.people import first
from apps.requests import reopening
from apps.requests.particulars import topics_of
from apps.unsent.merging import said
from apps.unsent.typed_again import posted_from

TEMPLATES = {REOPEN: "application/reopen.html", ASK: "application/ask.html"}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@acting
def reopen(request, card_request, *, at):
    """自行修改: which fields; then the page of the amendment with these fields."""
    return _page(request, card_request, REOPEN, ReopenForm, _reopen, at=at)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@acting
def ask(request, card_request, *, at):
    """请人事处修改: which fields, and what is wrong with them."""
    return _page(request, card_request, ASK, AskForm, _ask, at=at)


def _page(request, card_request, action, form_class, do, *, at):
    offers = changes_of([card_request], by=request.user, at=at)[card_request.pk]
    is_posted = request.method == "POST"
    form = form_class(
        request.POST if is_posted else None, topics=topics_of(card_request.particulars, at=at)
    )
    refusal = offers.of(action).refusal
    if refusal is None and is_posted and form.is_valid():
        try:
            return do(request, card_request, form.cleaned_data, at=at)
        except Refused as raised:
            refusal = raised
    context = {
        "card_request": card_request,
        "form": form,
        "refusal": refusal,
        # The other way, where this one is closed.
        "typed": said(form) if refusal and is_posted else [],
        "instead": next((offer for offer in offers.open if offer.action != action), None),
    }
    return render(request, TEMPLATES[action], context)


def _reopen(request, card_request, data, *, at):
    reopening.reopen(
        card_request=card_request, fields=data["fields_to_change"], by=request.user, at=at
    )
    messages.success(request, "申请已取回，请修改后提交。")
    return redirect("application:amend", reference=card_request.reference)


def _ask(request, card_request, data, *, at):
    inquiries.ask(
        card_request=card_request,
        fields=data["fields_to_change"],
        text=data["text"],
        by=request.user,
        at=at,
    )
    messages.success(request, "已告诉人事处，答复后会通知您。")
    return redirect(card_request)


@login_required
@posted_from("application:amend")
@acting
def resume(request, card_request, *, at):
    """不修改了，继续审核. Idempotent."""
    if card_request.needs_amendment:
        try:
            reopening.resume(card_request=card_request, by=request.user, at=at)
        except Refused as refusal:
            messages.error(request, first.whole(refusal, reader=request.user))
        else:
            messages.success(request, "没有修改，申请继续审核。")
    return redirect(card_request)
