from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.application import pages, services
from apps.application.offers import changes_of, to_submit
from apps.application.policies import check_fillable, last_day_to_submit
from apps.application.views.access import acting, find, next_page
from apps.application.views.second import overtaken
from apps.cards.enums import RequestAction
from apps.common import shown
from apps.common.refusals import Refused
from apps.common.shown import NotAsShown, check_as_shown
from apps.lifecycle.offers import refusal_of
from apps.requests.forms import resumed
from apps.requests.policies import last_day_to_pay


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@acting
def confirm(request, reference, *, at):
    """核对信息. Submitting again (double click, reload, back, two tabs) gets the first answer."""
    card_request = find(request, reference, at=at)
    if not card_request.is_draft:
        return _first_answer(request, card_request, at=at)
    saved = card_request.particulars
    if not resumed(saved, at=at, has_portrait=bool(saved.portrait)).is_valid():
        messages.error(request, "还有内容没有填好，请按提示补全后再提交。")
        return redirect(reverse("application:form", args=[reference]) + "?check=1")
    if request.method == "POST":
        return _submit(request, card_request, at=at)
    return _confirm_page(request, card_request, at=at)


def _confirm_page(request, card_request, *, at, refusal=None):
    context = {
        "card_request": card_request,
        "shown": pages.token(card_request),
        "submit": to_submit(card_request, by=request.user, at=at),
        "refusal": refusal,
        "last_day": last_day_to_submit(card_request, at=at),
    }
    return render(request, "application/confirm.html", context)


def _submit(request, card_request, *, at):
    try:
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
        return _confirm_page(request, card_request, at=at, refusal=refusal)
    return redirect("application:submitted", reference=card_request.reference)


def _first_answer(request, card_request, *, at):
    """The answer to whoever submitted; who did not is told who did, and what differs."""
    if request.method == "POST":
        submission = card_request.events.filter(action=RequestAction.SUBMIT).last()
        differences = _differences(request, card_request)
        if differences or (submission and submission.by_id != request.user.pk):
            refusal = refusal_of(check_fillable, card_request)
            return overtaken(request, card_request, at=at, refusal=refusal, differences=differences)
    if card_request.awaits_payment:
        return redirect("application:submitted", reference=card_request.reference)
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
    """提交成功 (manual, figure 10), with its two buttons."""
    at = timezone.now()
    card_request = find(request, reference, at=at)
    if not card_request.awaits_payment:
        return redirect(next_page(request, card_request, at=at))
    context = {"card_request": card_request, "pay_until": last_day_to_pay(card_request)}
    return render(request, "application/submitted.html", context)


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
        "is_handed_over": card_request.is_handed_over(at),
        "changes": changes_of([card_request], by=request.user, at=at)[card_request.pk].open,
    }
    return render(request, "application/detail.html", context)
