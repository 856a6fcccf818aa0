"""What the admin's pages say of formal losses."""

from django import template

from apps.cards.enums import CardAction

register = template.Library()


@register.filter
def card_action_label(event):
    """What an event of a card is called."""
    return CardAction(event.action).label
