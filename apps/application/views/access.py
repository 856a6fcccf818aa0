"""How every page of the matter finds its request, and where a request is gone on with."""

from functools import wraps

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.cards.permissions import NotYours, role_of

_NEXT_PAGE = {
    RequestStatus.DRAFT: "application:form",
    RequestStatus.SUBMITTED: "application:shipping",
    RequestStatus.NEEDS_AMENDMENT: "application:amend",
}


def find(request, reference, *, at):
    """The card request that the signed-in user may see, with what the pages show; else a 404."""
    visible = CardRequest.objects.visible_to(request.user, at=at)
    related = visible.select_related(
        "holder", "city__province", "bank", "rule", "particulars__guardian"
    )
    return get_object_or_404(related, reference=reference)


def acting(view):
    """Only for who may act on the request. Who may see it only is told so, and led to its progress.

    That is a guardian whose child has turned 16 while the request was running. The view gets the
    moment `at` that this was judged by.
    """

    @wraps(view)
    def gated(request, reference, *args, **kwargs):
        at = timezone.now()
        card_request = find(request, reference, at=at)
        try:
            role_of(request.user, card_request.holder, at=at)
        except NotYours as refusal:
            messages.error(request, refusal.message)
            return redirect(card_request)
        return view(request, reference, *args, at=at, **kwargs)

    return gated


def next_page(card_request):
    """Where this request is gone on with: the open page of its status, else its progress."""
    name = _NEXT_PAGE.get(RequestStatus(card_request.status))
    if name is None:
        return card_request.get_absolute_url()
    return reverse(name, args=[card_request.reference])
