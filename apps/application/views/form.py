from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.application import pages, services
from apps.application.offers import DISCARD, FILL_IN, offers
from apps.application.policies import check_fillable, last_day_to_submit
from apps.application.proposals import source_of
from apps.application.views.access import acting, find, goes_to_portrait, is_offered, next_page
from apps.application.views.amend import amendment_form
from apps.application.views.portrait import picture_of
from apps.application.views.progress import progress_of
from apps.application.views.second import too_late
from apps.common.refusals import Refused
from apps.lifecycle.offers import refusal_of
from apps.people import first
from apps.requests import destination
from apps.requests import services as requests
from apps.requests.forms import ParticularsForm, resumed
from apps.requests.services import why_not_submittable
from apps.unsent import merging
from apps.unsent.shown import FIELD, NotAsShown
from apps.unsent.typed_again import posted_from, saves_what_is_typed


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@acting
def particulars(request, card_request, *, at):
    """填写申领信息 (manual, figure 9)."""
    if not is_offered(request, card_request, FILL_IN, at=at):
        return _closed(request, card_request, at=at)
    if request.method == "POST":
        return _save_and_check(request, card_request, at=at)
    saved = card_request.particulars
    form = stored = _form(at, saved)
    if "check" in request.GET:
        form = resumed(saved, at=at, has_portrait=bool(saved.portrait))
        form.full_clean()
    shown = merging.token(form, stored, pages.about_form(card_request))
    return _page(request, card_request, form, at=at, shown=shown)


def _closed(request, card_request, *, at, refusal=None):
    """On to where the request goes on now; with what was typed, if something was."""
    if request.method != "POST":
        return redirect(next_page(request, card_request, at=at))
    refusal = refusal or refusal_of(check_fillable, card_request)
    make = partial(_form, at, card_request.particulars)
    return too_late(request, card_request, make, at=at, refusal=refusal)


def _save_and_check(request, card_request, *, at):
    try:
        merged = services.save_form(
            card_request=card_request,
            make=partial(_form, at),
            typed=request.POST,
            by=request.user,
            at=at,
        )
    except Refused as refusal:
        return _closed(request, card_request, at=at, refusal=refusal)
    if goes_to_portrait(request) and not merged.clashes:
        return redirect("application:portrait", reference=card_request.reference)
    if merged.page.is_valid() and not merged.clashes:
        return redirect("application:confirm", reference=card_request.reference)
    return _page(
        request,
        card_request,
        merged.page,
        at=at,
        shown=merged.token(is_saved=True),
        clashes=merged.clashes,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@acting
def discard(request, card_request, *, at):
    """放弃草稿: asks for confirmation, then gives the draft up. Idempotent."""
    offer = offers(card_request, by=request.user, at=at).of(DISCARD)
    if not offer.is_open:
        if not card_request.is_discarded:
            messages.error(request, offer.why_not)
        else:
            first.tell(request, card_request)
        return redirect(card_request)
    if request.method != "POST":
        return _discard_page(request, card_request)
    try:
        shown = request.POST.get(FIELD, "")
        requests.discard(card_request=card_request, shown=shown, by=request.user, at=at)
    except NotAsShown as refusal:
        card_request = find(request, card_request.reference, at=at)
        return _discard_page(request, card_request, refusal=refusal)
    except Refused as refusal:
        messages.error(request, first.whole(refusal, reader=request.user))
    else:
        messages.success(request, "草稿已放弃，填写的内容和照片已删除。")
    return redirect(card_request)


def _discard_page(request, card_request, *, refusal=None):
    context = {
        "card_request": card_request,
        "shown": destination.saved_token(card_request),
        "refusal": refusal,
    }
    return render(request, "application/discard.html", context)


@saves_what_is_typed
@login_required
@posted_from("application:form")
def autosave(request, reference):
    """Keep what is typed so far, right or wrong; 409 when the request has left the draft.

    The answer is what the page has to show now: the hidden field, the questions about what another
    window has saved otherwise, and the inputs with another value than they sent.
    """
    at = timezone.now()
    card_request = find(request, reference, at=at)
    amendment = services.open_amendment(card_request=card_request)
    make = partial(amendment_form, amendment, at) if amendment else partial(_form, at)
    try:
        merged = services.save_form(
            card_request=card_request, make=make, typed=request.POST, by=request.user, at=at
        )
    except Refused as refusal:
        words = first.whole(refusal, reader=request.user)
        return HttpResponse(words, status=409, content_type="text/plain; charset=utf-8")
    context = {"clashes": merged.clashes}
    card_request = find(request, reference, at=at)
    return JsonResponse(
        {
            "shown": merged.token(is_saved=True),
            "clashes": render_to_string("people/_clashes.html", context, request)
            if merged.clashes
            else "",
            "values": merged.news(),
            "news": {} if amendment else _news(request, card_request, at=at),
        }
    )


def _news(request, card_request, *, at):
    """What stands beside the form about it, by the name of its place."""
    context = {"progress": progress_of(card_request, at=at)}
    return {
        name: render_to_string(f"application/_{name}.html", context, request)
        for name in ("summary", "missing")
    }


def _form(at, particulars, data=None):
    return ParticularsForm(
        data, particulars=particulars, at=at, has_portrait=bool(particulars.portrait)
    )


def _page(request, card_request, form, *, at, shown, clashes=()):
    context = {
        "card_request": card_request,
        "particulars": card_request.particulars,
        "form": form,
        "shown": shown,
        "clashes": clashes,
        "refusal": why_not_submittable(card_request=card_request, at=at),
        "last_day": last_day_to_submit(card_request, at=at),
        "picture": picture_of(card_request),
        "progress": progress_of(card_request, at=at),
        "source": "" if card_request.is_replacement else source_of(card_request),
    }
    return render(request, "application/form.html", context)
