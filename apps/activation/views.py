from functools import partial

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from apps.activation import policies, services
from apps.activation.offers import to_activate
from apps.activation.receipts import of_activation
from apps.activation.refusals import ActivationRefused
from apps.cards.enums import CardAction, CardStatus
from apps.cards.lifecycle import CARD
from apps.cards.models import Card, CardRequest
from apps.common.pages import page_or_fragment, whole
from apps.common.refusals import Refused
from apps.events.models import Event
from apps.people import first
from apps.people.models import Holder
from apps.seals import services as seals
from apps.verification.enums import Purpose
from apps.verification.panel import CheckPanel, asks_who_it_is
from apps.verification.refusals import CheckRefused
from apps.waiting import card_face

RECORDS_SHOWN = 3
PER_PAGE = 10
OWN_FIRST = (F("holder__user").asc(nulls_last=True), "holder", "pk")


@never_cache
@require_safe
def guide(request):
    """办事指南, readable by everybody; after sign-in with the sealed cards and the records.

    Somebody with one card to activate is led to it.
    """
    context: dict = {"rows": [], "in_production": [], "records": []}
    if request.user.is_authenticated:
        at = timezone.now()
        rows, in_production = _to_activate(request, at), _in_production(request, at)
        if len(rows) == 1 and rows[0]["offer"].is_open and not in_production:
            return redirect(rows[0]["offer"].url)
        context = {
            "rows": rows,
            "in_production": in_production,
            "records": _records(request, at)[:RECORDS_SHOWN].with_subjects(_shown_cards()),
        }
    return render(request, "activation/guide.html", context)


def _to_activate(request, at):
    """The sealed cards, each with its status and the offer to activate it, or why not yet."""
    cards = list(_visible(request, at).in_status(CardStatus.SEALED, at=at).order_by(*OWN_FIRST))
    offers = to_activate(cards, by=request.user, at=at)
    return [
        {"card": card, "status": card.status_at(at), "offer": offer}
        for card, offer in zip(cards, offers, strict=True)
    ]


def _visible(request, at):
    cards = Card.objects.visible_to(request.user, at=at)
    return cards.select_related("holder", "city__province", "bank", "card_request")


def _in_production(request, at):
    """Requests that will lead to a card that can be activated, but have none yet."""
    return (
        CardRequest.objects.visible_to(request.user, at=at)
        .in_flight()
        .submitted()
        .filter(card=None)
        .select_related("holder", "city__province", "bank")
        .order_by(*OWN_FIRST)
    )


def _records(request, at):
    """启用记录: the events themselves, the newest first."""
    holders = Holder.objects.visible_to(request.user, at=at)
    return (
        Event.objects.of_kind(CARD)
        .filter(holder_id__in=holders.values("pk"), action=CardAction.ACTIVATE)
        .order_by("-pk")
    )


def _shown_cards():
    return Card.objects.select_related("holder", "city__province", "bank")


@login_required
@require_safe
def records(request):
    """启用记录; asked by htmx, the next ones to add at the foot of the list."""
    found = _records(request, timezone.now())
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    records = found.filter(pk__in=[event.pk for event in page]).with_subjects(_shown_cards())
    return page_or_fragment(
        request,
        page="activation/records.html",
        fragment="activation/_records.html",
        context={"page": page, "records": records},
    )


@asks_who_it_is
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request, reference):
    """What activation does, the identity check and the confirmation on one page. Idempotent."""
    at = timezone.now()
    card = get_object_or_404(_visible(request, at), reference=reference)
    panel = CheckPanel(
        request,
        holder=card.holder,
        purpose=Purpose.ACTIVATE,
        card_request=None,
        begin=partial(services.begin_check, card=card, by=request.user, at=at),
        at=at,
    )
    try:
        if request.method == "POST" and not panel.is_sending:
            return _activate(request, card, panel, at=at)
        policies.check_activatable(card=card, at=at)
    except ActivationRefused as refusal:
        return _refused(request, card, refusal)
    return _page(card, panel)


def _activate(request, card, panel, *, at):
    try:
        policies.check_activatable(card=card, at=at)  # before a code is used up
        is_done = panel.prove()
        if is_done:
            services.activate(card=card, by=request.user, at=at)
    except Refused as refusal:
        is_done, panel.refusal = False, refusal
    if not is_done:
        card.refresh_from_db()
        # Of several at the same moment one activates; all of them lead to what it did. Its check
        # is used up by then, so the others may be refused for the card or for the check.
        if not card.status_at(at).is_usable:
            return _not_activated(request, card, panel)
        first.tell(request, card)
    return redirect("activation:done", reference=card.reference)


def _not_activated(request, card, panel):
    if panel.refusal is None or isinstance(panel.refusal, CheckRefused):
        return _page(card, panel)
    return _refused(request, card, panel.refusal)


def _page(card, panel):
    context = {
        "card": card,
        "turn": card_face.turned(card, CardStatus.ACTIVE, at=panel.at),
        "confirms_receipt": policies.awaits_receipt(card),
    }
    return panel.page("activation/start.html", context)


def _refused(request, card, refusal):
    context = {"card": card, "refusal": refusal}
    return whole(request, render(request, "activation/refused.html", context))


@login_required
@require_safe
def done(request, reference):
    """启用成功: when, and what is left to do at the bank. Later also what the card is now."""
    at = timezone.now()
    card = get_object_or_404(_visible(request, at), reference=reference)
    record = card.events.filter(action=CardAction.ACTIVATE).last()
    if record is None:
        return redirect("activation:start", reference=reference)
    status, suspension_end = card.status_at(at), card.suspension_end(at)
    proof = seals.proof_address(event=record, at=at)
    context = {
        "card": card,
        "record": record,
        "status": status,
        "suspension_end": suspension_end,
        "receipt": of_activation(record, card=card, proof=proof, at=at),
    }
    return render(request, "activation/done.html", context)
