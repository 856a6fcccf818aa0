"""How pages say that money goes back."""

from django import template

from apps.payments.refunds import words

register = template.Library()


@register.simple_tag
def refund_words(action):
    """The sentence for the move `action` of a request; empty where nothing goes back."""
    return words(action)
