"""Whether a page shows again what was typed before a session ended."""

from django import template

from apps.unsent.typed_again import shown

register = template.Library()
register.simple_tag(shown, name="typed_again")
