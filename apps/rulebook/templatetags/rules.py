"""How a change of a rule reads in the log of a city."""

from django import template

from apps.rulebook import wording

register = template.Library()


@register.filter
def rule_change(event):
    """The change that the event tells of, as `wording.change` says it."""
    return wording.change(event.facts)
