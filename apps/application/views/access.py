"""How the pages of the matter find their request, and on which page a request goes on."""

from functools import wraps
from typing import NamedTuple

from django.contrib import messages
from django.db.models import CharField
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone

from apps.application import offered
from apps.application.offers import offers
from apps.cards.models import CardRequest
from apps.common.addresses import page_url
from apps.common.refusals import Refused
from apps.people import first
from apps.queries.prepared import PreparedQuery
from apps.requests.policies import check_own_draft
from apps.requests.services import why_not_submittable

_REQUESTS = PreparedQuery(
    lambda reference: (
        CardRequest.objects.filter(reference=reference)
        .annotate(has_offer=offered.EXISTS)
        .select_related(
            "holder", "city__province", "bank", "rule", "shipment", "particulars__guardian"
        )
    ),
    reference=CharField(),
)


def find(request, reference, *, at):
    """The card request that the signed-in user may see, with what the pages show; else a 404."""
    card_request = _REQUESTS.first(reference=reference)
    if card_request is None or not card_request.holder.is_visible_to(request.user, at=at):
        raise Http404
    return card_request


def acting(view):
    """A view that acts on a request: it gets the request, and the moment `at` of the checks.

    A draft of somebody who has turned 16 since a guardian filled it in is begun anew on the guide
    page.
    """

    @wraps(view)
    def gated(request, reference, *args, **kwargs):
        at = timezone.now()
        card_request = find(request, reference, at=at)
        try:
            check_own_draft(card_request, at=at)
        except Refused as refusal:
            messages.info(request, first.whole(refusal, reader=request.user))
            return redirect("application:guide")
        return view(request, card_request, *args, at=at, **kwargs)

    return gated


def is_offered(request, card_request, action, *, at):
    """Whether the page of `action` is open for the signed-in user now."""
    return offers(card_request, by=request.user, at=at).of(action).is_open


def goes_to_portrait(request):
    """Whether the form is saved to go on to the page of the portrait, as without scripts."""
    return request.POST.get("keep") == "portrait"


class Following(NamedTuple):
    words: str
    url: str


def next_offer(request, card_request, *, at):
    """Where this request goes on: its main offer, else its progress."""
    main = offers(card_request, by=request.user, at=at).main
    if main is None:
        return Following("查看制卡进度", card_request.get_absolute_url())
    return Following(main.words, main.url)


def next_page(request, card_request, *, at):
    """The page on which this request goes on: that of its main offer, else its progress."""
    return next_offer(request, card_request, at=at).url


def why_not_here(request, draft, *, at):
    """Why `draft` cannot be submitted, on the page where its city and bank are chosen anew."""
    refusal = why_not_submittable(card_request=draft, at=at)
    if refusal is not None and refusal.next_step and refusal.next_step[1] == request.path:
        refusal.next_step = ("社保卡跨省通办开通地区", page_url("regions:areas"))
    return refusal
