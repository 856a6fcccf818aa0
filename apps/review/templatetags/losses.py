"""What the admin's pages say of formal losses."""

from django import template

from apps.cards.enums import CardAction
from apps.review.losses.views import waiting_for

register = template.Library()


@register.simple_tag(takes_context=True)
def waiting_losses(context):
    """How many formal losses the signed-in reviewer may decide."""
    return waiting_for(context["user"]).count()


@register.filter
def card_action_label(event):
    """What an event of a card is called."""
    return CardAction(event.action).label
