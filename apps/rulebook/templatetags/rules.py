"""How a change of a rule reads in the log of a city."""

from django import template

from apps.rulebook import wording

register = template.Library()


@register.filter
def rule_change(event):
    """The change of the event, in the words of `wording.change`."""
    return wording.change(event.facts)
