from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.application import services
from apps.application.offers import changes_of, to_submit
from apps.application.policies import last_day_to_submit
from apps.application.views.access import acting, find, next_page
from apps.cards.permissions import roles_of
from apps.common.refusals import Refused
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
        "submit": to_submit(card_request, by=request.user, at=at),
        "refusal": refusal,
        "last_day": last_day_to_submit(card_request, at=at),
    }
    return render(request, "application/confirm.html", context)


def _submit(request, card_request, *, at):
    try:
        services.submit(card_request=card_request, by=request.user, at=at)
    except Refused as refusal:
        card_request.refresh_from_db()
        if not card_request.is_draft:
            return _first_answer(request, card_request, at=at)
        return _confirm_page(request, card_request, at=at, refusal=refusal)
    return redirect("application:submitted", reference=card_request.reference)


def _first_answer(request, card_request, *, at):
    if card_request.awaits_payment:
        return redirect("application:submitted", reference=card_request.reference)
    return redirect(next_page(request, card_request, at=at))


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
    roles = roles_of(request.user, [card_request.holder], at=at)
    changes = changes_of([card_request], roles=roles, at=at)[card_request.pk].open
    context = {"card_request": card_request, "changes": changes}
    return render(request, "application/detail.html", context)
