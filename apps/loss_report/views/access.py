"""How the pages of the matter find a card."""

from apps.cards.models import Card


def visible(request, at):
    """The cards that the signed-in user may see, with what the pages show."""
    cards = Card.objects.visible_to(request.user, at=at)
    return cards.select_related("holder", "city__province", "bank")
