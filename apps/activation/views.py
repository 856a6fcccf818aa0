from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from apps.activation import policies, services
from apps.activation.offers import to_activate
from apps.activation.refusals import ActivationRefused
from apps.cards.enums import CardAction, CardStatus
from apps.cards.lifecycle import CARD
from apps.cards.models import Card, CardRequest
from apps.common.pages import page_or_fragment
from apps.common.refusals import Refused
from apps.common.typed_again import posted_from
from apps.events.models import Event
from apps.people import first
from apps.people.models import Holder
from apps.verification.refusals import CheckRefused

RECORDS_SHOWN = 3
PER_PAGE = 10
OWN_FIRST = (F("holder__user").asc(nulls_last=True), "holder__birth_date", "pk")


@never_cache
@require_safe
def guide(request):
    """办事指南, readable by everybody; after sign-in with the sealed cards and the records."""
    context: dict = {"rows": [], "in_production": [], "records": []}
    if request.user.is_authenticated:
        at = timezone.now()
        context = {
            "rows": _to_activate(request, at),
            "in_production": _in_production(request, at),
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


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request, reference):
    """What activation does; after the identity check, the confirmation. Idempotent."""
    at = timezone.now()
    card = get_object_or_404(_visible(request, at), reference=reference)
    if request.method == "POST":
        return _activate(request, card, at=at)
    try:
        policies.check_activatable(card=card, at=at)
    except ActivationRefused as refusal:
        return _refused(request, card, refusal)
    context = {
        "card": card,
        "is_verified": services.is_verified(card=card, by=request.user, at=at),
        "confirms_receipt": policies.awaits_receipt(card),
    }
    return render(request, "activation/start.html", context)


def _activate(request, card, *, at):
    try:
        services.activate(card=card, by=request.user, at=at)
    except Refused as refusal:
        card.refresh_from_db()
        # Of several at the same moment one activates; all of them lead to what it did. Its check
        # is used up by then, so the others may be refused for the card or for the check.
        if not card.status_at(at).is_usable:
            return _not_activated(request, card, refusal)
    return redirect("activation:done", reference=card.reference)


def _not_activated(request, card, refusal):
    if isinstance(refusal, CheckRefused):
        messages.error(request, first.whole(refusal, reader=request.user))
        return redirect("activation:start", reference=card.reference)
    return _refused(request, card, refusal)


def _refused(request, card, refusal):
    return render(request, "activation/refused.html", {"card": card, "refusal": refusal})


@login_required
@posted_from("activation:start")
def verify(request, reference):
    """Begin the identity check, and come back to `start` once it is passed."""
    at = timezone.now()
    card = get_object_or_404(_visible(request, at), reference=reference)
    try:
        check = services.begin_check(card=card, by=request.user, at=at)
    except Refused as refusal:
        return _refused(request, card, refusal)
    return redirect("verification:start", reference=check.reference)


@login_required
@require_safe
def done(request, reference):
    """启用成功: when, and what is left to do at the bank. Later also what the card is now."""
    at = timezone.now()
    card = get_object_or_404(_visible(request, at), reference=reference)
    record = card.events.filter(action=CardAction.ACTIVATE).last()
    if record is None:
        return redirect("activation:start", reference=reference)
    context = {
        "card": card,
        "record": record,
        "status": card.status_at(at),
        "suspension_end": card.suspension_end(at),
    }
    return render(request, "activation/done.html", context)
