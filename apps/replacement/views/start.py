from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from apps.cards.enums import ReplacementReason
from apps.cards.models import CardRequest
from apps.cards.policies import openness_where_issued, why_not_replaced_here
from apps.common.addresses import page_url
from apps.common.moments import day_of
from apps.common.pages import page_or_fragment, whole
from apps.common.refusals import Refused
from apps.regions import wording
from apps.regions.enums import Service
from apps.regions.models import CityRule
from apps.replacement import services
from apps.replacement.enums import FormalLossAction
from apps.replacement.forms import TermsForm
from apps.replacement.models import FormalLoss
from apps.replacement.offers import BEGIN, offers, offers_of
from apps.replacement.policies import check_card_replaceable
from apps.replacement.refusals import NotReplaceable
from apps.replacement.views.access import OWN_FIRST, find, visible
from apps.requests import destination
from apps.requests.services import why_not_submittable
from apps.sign_in.recording import client_ip
from apps.unsent.shown import FIELD


@never_cache
@require_safe
def guide(request):
    """办事指南, readable by everybody; after sign-in with the cards and what each can do next.

    Somebody with one card is led to what can be done with it; `?all` shows the guide itself.
    """
    at = timezone.now()
    day = day_of(at)
    rows = _rows(request, at=at) if request.user.is_authenticated else []
    if "all" not in request.GET and (only := _only(rows, at=at)):
        return redirect(only)
    rules = CityRule.objects.offering(Service.REPLACE, day)
    if rows:
        cities = {row["card"].city_id for row in rows}
        rules = CityRule.objects.in_force(day).filter(city__in=cities)
    context = {
        "rows": rows,
        "can_replace": any(not row["not_replaced"] for row in rows),
        "terms": wording.ranges(rules),
        "collecting": wording.collecting(rules),
    }
    return render(request, "replacement/guide.html", context)


def _rows(request, *, at):
    """Each card with what it is now, and what to do next or why nothing can be done."""
    cards = list(visible(request, at=at).select_related("card_request").order_by(*OWN_FIRST))
    opened = openness_where_issued(cards, Service.REPLACE, at=at)
    found = zip(cards, offers_of(cards, by=request.user, at=at, opened=opened), strict=True)
    return [
        {
            "card": card,
            "status": card.status_at(at),
            "not_replaced": why_not_replaced_here(card, at=at, opened=opened),
            "offer": offered.main or offered.of(BEGIN),
            # What may be done although a new card is not applied for here.
            "also": None if offered.main else offered.of(FormalLossAction.DECLARE),
        }
        for card, offered in found
    ]


def _only(rows, *, at):
    """The page of what can be done, where that is one thing with the only card; else None."""
    living = [row for row in rows if not row["card"].is_over(at)]
    if len(living) != 1:
        return None
    [row] = living
    offer = row["offer"]
    return offer.url if offer.is_open and offer.is_main else None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request, reference):
    """选择补换原因 (manual, figure 18): then the form.

    Asked by htmx for a chosen `reason`: what that reason asks for.
    """
    at = timezone.now()
    card = find(request, reference, at=at)
    try:
        check_card_replaceable(card, loss=FormalLoss.objects.open_of(card), at=at)
    except NotReplaceable as refusal:
        context = {"card": card, "refusal": refusal}
        return whole(request, render(request, "replacement/refused.html", context))
    if request.method == "POST":
        return _start(request, card, at=at)
    draft = _draft(card)
    if draft is not None and not draft.is_draft:
        return whole(request, redirect(draft))
    form = _form(request, card, at=at, initial=_chosen(request, card, draft))
    why_not = draft and why_not_submittable(card_request=draft, at=at)
    if why_not:  # this is the page where it is mended
        why_not.next_step = ("社保卡跨省通办开通地区", page_url("regions:areas"))
    begin = None if draft else offers(card, by=request.user, at=at).of(BEGIN)
    return _page(request, card, form, draft=draft, refusal=why_not, begin=begin)


def _draft(card):
    """The replacement of `card` that is under way, if there is one."""
    return CardRequest.objects.in_flight().filter(old_card=card).first()


def _chosen(request, card, draft):
    """What the visitor has just chosen, else the terms of the draft, else those of the loss."""
    if "reason" in request.GET:
        return {"reason": request.GET["reason"][:20]}
    if draft is None:
        loss = FormalLoss.objects.open_of(card)
        return {"reason": loss.reason} if loss else {}
    return {"reason": draft.replacement_reason, "city": draft.city_id, "bank": draft.bank_id}


def _form(request, card, *, at, data=None, initial=None):
    return TermsForm(
        data,
        card=card,
        at=at,
        has_agreed=services.has_agreed(user=request.user),
        initial=initial,
    )


def _start(request, card, *, at):
    form = _form(request, card, at=at, data=request.POST)
    if form.is_asking:
        kept = _form(request, card, at=at, initial=request.POST.dict())
        return _page(request, card, kept)
    if not form.is_valid():
        return _page(request, card, form, asks_consents=bool(form.consents))
    try:
        started = services.start(
            card=card,
            **form.terms(),
            shown=request.POST.get(FIELD, ""),
            ip=client_ip(request),
            by=request.user,
            at=at,
        )
    except Refused as refusal:
        return _page(request, card, form, refusal=refusal)
    return redirect("application:form", reference=started.reference)


def _page(request, card, form, *, draft=None, refusal=None, asks_consents=False, begin=None):
    context = {
        "card": card,
        "form": form,
        "draft": draft,
        "refusal": refusal,
        "begin": begin,
        "shown": destination.carried(request, card.holder, _draft(card), refusal=refusal),
        # They are in a sheet, which needs a script; who comes without it gets them on the page.
        "asks_consents": asks_consents,
        "is_lost": form.is_lost,
        "is_key_data": form.is_key_data,
    }
    return page_or_fragment(
        request,
        page="replacement/start.html",
        fragment="replacement/_terms.html",
        context=context,
    )


@login_required
@require_safe
def banks(request, reference):
    """The bank field for the new city that was just chosen."""
    at = timezone.now()
    card = find(request, reference, at=at)
    chosen = {"reason": ReplacementReason.AREA_CHANGED, "city": request.GET.get("city", "")[:6]}
    form = _form(request, card, at=at, initial=chosen)
    return render(request, "replacement/_bank.html", {"form": form})
