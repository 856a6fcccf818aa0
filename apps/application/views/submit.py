from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.application import pages, services
from apps.application.offers import changes_of, to_submit
from apps.application.policies import check_fillable, last_day_to_submit
from apps.application.views.access import acting, find, next_page
from apps.application.views.second import overtaken
from apps.cards.enums import RequestAction
from apps.common import money
from apps.common.addresses import row_url
from apps.common.refusals import Refused
from apps.delivery.models import shipment_at
from apps.handout import standing as unit
from apps.lifecycle.offers import refusal_of
from apps.payments.amounts import fees_of
from apps.requests.forms import resumed
from apps.requests.policies import asks_own_contact
from apps.seals import services as seals
from apps.unsent import shown
from apps.unsent.shown import NotAsShown, check_as_shown
from apps.verification.panel import CheckPanel, asks_who_it_is
from apps.waiting import receipts


@asks_who_it_is
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@acting
def confirm(request, card_request, *, at):
    """核对信息, with the identity check. Submitting again (double click, reload, back, two tabs)
    gets the first answer.
    """
    if not card_request.is_draft:
        return _first_answer(request, card_request, at=at)
    saved = card_request.particulars
    if not resumed(saved, at=at, has_portrait=bool(saved.portrait)).is_valid():
        messages.error(request, "还有内容没有填好，请按提示补全后再提交。")
        return redirect(row_url("application:form", card_request.reference) + "?check=1")
    panel = _panel(request, card_request, at=at)
    if request.method == "POST" and not panel.is_sending:
        return _submit(request, card_request, panel, at=at)
    return _confirm_page(request, card_request, panel, at=at)


def _panel(request, card_request, *, at):
    return CheckPanel(
        request,
        holder=card_request.holder,
        purpose=services.purpose(card_request=card_request),
        card_request=card_request,
        begin=partial(services.begin_check, card_request=card_request, by=request.user, at=at),
        at=at,
    )


def _confirm_page(request, card_request, panel, *, at, refusal=None):
    context = {
        "card_request": card_request,
        "shown": pages.token(card_request),
        "submit": to_submit(card_request, by=request.user, at=at),
        "refusal": refusal,
        "last_day": last_day_to_submit(card_request, at=at),
    }
    return panel.page("application/confirm.html", context)


def _submit(request, card_request, panel, *, at):
    offer = to_submit(card_request, by=request.user, at=at)
    if not offer.is_open:  # said before a code is used up
        return _confirm_page(request, card_request, panel, at=at, refusal=offer.refusal)
    try:
        if not panel.prove():
            return _not_proven(request, card_request, panel, at=at)
        services.submit(
            card_request=card_request,
            shown=request.POST.get(shown.FIELD),
            by=request.user,
            at=at,
        )
    except Refused as refusal:
        card_request = find(request, card_request.reference, at=at)
        if not card_request.is_draft:
            return _first_answer(request, card_request, at=at)
        # A new one: it knows that the check is passed, and asks for nothing again.
        panel = _panel(request, card_request, at=at)
        return _confirm_page(request, card_request, panel, at=at, refusal=refusal)
    return _to_payment(request, card_request)


def _not_proven(request, card_request, panel, *, at):
    """The page with what is wrong; or on, if the other window has used up the code."""
    card_request = find(request, card_request.reference, at=at)
    if not card_request.is_draft:
        return _first_answer(request, card_request, at=at)
    return _confirm_page(request, card_request, panel, at=at)


def _to_payment(request, card_request):
    messages.success(request, f"{card_request.matter}提交成功，还差领卡方式和缴费。")
    return redirect("application:shipping", reference=card_request.reference)


def _first_answer(request, card_request, *, at):
    """The answer to whoever submitted; who did not is told who did, and what differs."""
    if request.method == "POST":
        submission = card_request.events.filter(action=RequestAction.SUBMIT).last()
        differences = _differences(request, card_request)
        if differences or (submission and submission.by_id != request.user.pk):
            refusal = refusal_of(check_fillable, card_request)
            return overtaken(request, card_request, at=at, refusal=refusal, differences=differences)
    if card_request.awaits_payment and request.method == "POST":
        return _to_payment(request, card_request)
    return redirect(next_page(request, card_request, at=at))


def _differences(request, card_request):
    """What the page showed otherwise than it was submitted."""
    parts = pages.parts(card_request, card_request.particulars)
    try:
        check_as_shown(request.POST.get(shown.FIELD), pages.about_check(card_request), parts)
    except NotAsShown as refusal:
        return refusal.differences
    return []


@login_required
@require_safe
def submitted(request, reference):
    """提交成功 (manual, figure 10): a receipt once nothing is to be paid any more."""
    at = timezone.now()
    card_request = find(request, reference, at=at)
    if card_request.is_draft or card_request.awaits_payment or card_request.is_final:
        return redirect(next_page(request, card_request, at=at))
    proof = seals.proof_address(event=receipts.proven_event(card_request), at=at)
    receipt, ahead = receipts.of_request(
        card_request,
        shipment=shipment_at(card_request, at),
        result="已受理，等卡就行",
        paid=_paid(card_request),
        proof=proof,
        at=at,
    )
    context = {"card_request": card_request, "receipt": receipt, "ahead": ahead}
    return render(request, "application/submitted.html", context)


def _paid(card_request):
    fees = fees_of(card_request, at=card_request.status_since)
    if fees and fees.total_fen:
        return f"{money.yuan(fees.total_fen)} 元"
    return "免费，由单位统一领取" if card_request.is_collected_by_unit else "免费，到网点自取"


@login_required
@require_safe
def detail(request, reference):
    """申领信息查看: what was submitted, masked and read-only."""
    at = timezone.now()
    card_request = find(request, reference, at=at)
    if card_request.begins_anew(at):
        return redirect(card_request)
    context = {
        "card_request": card_request,
        "stage": unit.stage_of(card_request, at=at),
        "now": at,
        "is_handed_over": card_request.is_handed_over(at),
        "asks_contact": asks_own_contact(card_request, at=at),
        "proof": _proof(card_request, at=at),
        "changes": changes_of([card_request], by=request.user, at=at)[card_request.pk].open,
    }
    return render(request, "application/detail.html", context)


def _proof(card_request, *, at):
    event = receipts.proven_event(card_request)
    return event and seals.proof_address(event=event, at=at)
