"""How every page of the matter finds its card."""

from django.db.models import F
from django.shortcuts import get_object_or_404

from apps.cards.models import Card

OWN_FIRST = (F("holder__user").asc(nulls_last=True), "holder", "-pk")


def visible(request, *, at):
    """The cards that the signed-in user may see, with what the pages show."""
    cards = Card.objects.visible_to(request.user, at=at)
    return cards.select_related("holder", "city__province", "bank")


def find(request, reference, *, at):
    return get_object_or_404(visible(request, at=at), reference=reference)
