from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from apps.application import services
from apps.application.offers import DISCARD, FILL_IN, offers
from apps.application.policies import last_day_to_submit
from apps.application.views.access import acting, find, is_offered, next_page
from apps.application.views.amend import amendment_form
from apps.common.refusals import Refused
from apps.requests import services as requests
from apps.requests.forms import ParticularsForm, resumed
from apps.requests.models import Amendment
from apps.requests.services import why_not_submittable


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@acting
def particulars(request, reference, *, at):
    """填写申领信息 (manual, figure 9). Opens after the identity check, and stays open."""
    card_request = find(request, reference, at=at)
    if not is_offered(request, card_request, FILL_IN, at=at):
        return redirect(next_page(request, card_request, at=at))
    try:
        services.open_form(card_request=card_request, by=request.user, at=at)
    except Refused as refusal:
        messages.info(request, refusal.message)
        return redirect("application:verify", reference=reference)
    if request.method == "POST":
        return _save_and_check(request, card_request, at=at)
    if "check" in request.GET:
        saved = card_request.particulars
        form = resumed(saved, at=at, has_portrait=bool(saved.portrait))
        form.full_clean()
    else:
        form = _form(card_request, at=at)
    return _page(request, card_request, form, at=at)


def _save_and_check(request, card_request, *, at):
    form = _form(card_request, at=at, data=request.POST)
    try:
        services.save_form(card_request=card_request, form=form, by=request.user, at=at)
    except Refused:
        card_request.refresh_from_db()
        return redirect(next_page(request, card_request, at=at))
    if form.is_valid():
        return redirect("application:confirm", reference=card_request.reference)
    return _page(request, card_request, form, at=at)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@acting
def discard(request, reference, *, at):
    """放弃草稿: asks for confirmation, then gives the draft up. Idempotent."""
    card_request = find(request, reference, at=at)
    offer = offers(card_request, by=request.user, at=at).of(DISCARD)
    if not offer.is_open:
        if not card_request.is_discarded:
            messages.error(request, offer.why_not)
        return redirect(card_request)
    if request.method != "POST":
        return render(request, "application/discard.html", {"card_request": card_request})
    try:
        requests.discard(card_request=card_request, by=request.user, at=at)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "草稿已放弃，填写的内容和照片已删除。")
    return redirect(card_request)


@login_required
@require_POST
def autosave(request, reference):
    """Keep what is typed so far, right or wrong; 409 when the request has left the draft."""
    at = timezone.now()
    card_request = find(request, reference, at=at)
    form = _open_form(card_request, at=at, data=request.POST)
    try:
        services.save_form(card_request=card_request, form=form, by=request.user, at=at)
    except Refused as refusal:
        return HttpResponse(refusal.message, status=409, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=204)


def _open_form(card_request, *, at, data):
    """The form of the draft or, while an amendment is open, that of the amendment."""
    amendment = Amendment.objects.filter(card_request=card_request, answered_at=None).first()
    if amendment is None:
        return _form(card_request, at=at, data=data)
    return amendment_form(card_request, amendment, at=at, data=data)


def _form(card_request, *, at, data=None):
    saved = card_request.particulars
    return ParticularsForm(data, particulars=saved, at=at, has_portrait=bool(saved.portrait))


def _page(request, card_request, form, *, at):
    context = {
        "card_request": card_request,
        "particulars": card_request.particulars,
        "form": form,
        "refusal": why_not_submittable(card_request=card_request, at=at),
        "last_day": last_day_to_submit(card_request, at=at),
    }
    return render(request, "application/form.html", context)
