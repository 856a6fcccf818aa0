from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from apps.application import pages, portraits, services
from apps.application.offers import AMEND, to_resume
from apps.application.policies import check_open_amendment
from apps.application.views.access import acting, find, goes_to_portrait, is_offered, next_page
from apps.application.views.portrait import picture_of
from apps.application.views.second import too_late
from apps.common.refusals import Refused
from apps.lifecycle.offers import refusal_of
from apps.requests import registry
from apps.requests.forms import ParticularsForm, own_values_saved, saved_values
from apps.unsent import merging
from apps.unsent.shown import NotAsShown


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@acting
def amend(request, card_request, *, at):
    """修改信息 (manual, figures 13 and 14): only what the reviewer named is open.

    Whoever comes second, after the other parent or in another window, is told who was first and
    keeps what was typed.
    """
    amendment = services.open_amendment(card_request=card_request)
    is_open = amendment is not None and is_offered(request, card_request, AMEND, at=at)
    if request.method == "POST":
        if is_open and goes_to_portrait(request):
            return _save(request, card_request, amendment, at=at)
        if is_open:
            return _answer(request, card_request, amendment, at=at)
        refusal = refusal_of(check_open_amendment, card_request, None, amendment)
        return _second(request, card_request, at=at, refusal=refusal)
    if not is_open:
        return redirect(next_page(request, card_request, at=at))
    form = amendment_form(amendment, at, card_request.particulars)
    shown = merging.token(
        form,
        form,
        pages.about_form(card_request, amendment),
        beside=card_request.particulars.portrait.name,
    )
    return _page(request, card_request, amendment, form, at=at, shown=shown)


def _save(request, card_request, amendment, *, at):
    """Keep what is typed so far, without answering, and go to the page of the portrait."""
    make = partial(amendment_form, amendment, at)
    try:
        merged = services.save_form(
            card_request=card_request, make=make, typed=request.POST, by=request.user, at=at
        )
    except Refused as refusal:
        card_request.refresh_from_db()
        return _second(request, card_request, at=at, refusal=refusal)
    if not merged.clashes:
        return redirect("application:portrait", reference=card_request.reference)
    shown, clashes = merged.token(is_saved=True), merged.clashes
    return _page(request, card_request, amendment, merged.page, at=at, shown=shown, clashes=clashes)


def _answer(request, card_request, amendment, *, at):
    try:
        merged, is_answered = services.answer_amendment(
            card_request=card_request,
            amendment=amendment,
            make=partial(amendment_form, amendment, at),
            typed=request.POST,
            by=request.user,
            at=at,
        )
    except Refused as refusal:
        card_request.refresh_from_db()
        return _second(request, card_request, at=at, refusal=refusal)
    if is_answered:
        messages.success(request, "修改已提交，申请重新受理，不用再缴费。")
        return redirect(card_request)
    card_request = find(request, card_request.reference, at=at)
    return _page(
        request,
        card_request,
        amendment,
        merged.page,
        at=at,
        shown=merged.token(is_saved=True),
        clashes=merged.clashes,
        refusal=None if merged.is_as_shown else NotAsShown([]),
    )


def _second(request, card_request, *, at, refusal):
    """What was typed into the form of an amendment that somebody else has answered."""
    make = partial(_form_of_any, card_request.particulars, at, request.POST)
    return too_late(request, card_request, make, at=at, refusal=refusal)


def _form_of_any(particulars, at, posted, data=None):
    """The form of the fields that were `posted`, whichever amendment asked for them."""
    topics = [
        declared.name for declared in registry.on_form() if set(declared.columns) & set(posted)
    ]
    return ParticularsForm(data, particulars=particulars, at=at, topics=topics, has_portrait=True)


def amendment_form(amendment, at, particulars, data=None):
    is_handed_over = particulars.card_request.is_handed_over(at)
    of_whom = own_values_saved if is_handed_over else saved_values
    return ParticularsForm(
        data,
        particulars=particulars,
        initial=of_whom(particulars),
        at=at,
        topics=amendment.fields,
        has_portrait=portraits.is_answer(particulars, amendment),
    )


def _page(request, card_request, amendment, form, *, at, shown, clashes=(), refusal=None):
    topics = [
        {
            "name": item["field"],
            "label": registry.get(item["field"]).label,
            "reason": item["reason"],
            "fields": form.inputs_of(item["field"]),
        }
        for item in amendment.items
    ]
    context = {
        "card_request": card_request,
        "particulars": card_request.particulars,
        "amendment": amendment,
        "form": form,
        "shown": shown,
        "clashes": clashes,
        "refusal": refusal,
        "resume": to_resume(card_request, amendment, by=request.user, at=at),
        "topics": topics,
        "picture": picture_of(card_request),
    }
    return render(request, "application/amend.html", context)
