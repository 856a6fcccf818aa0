from django import template

from apps.notices import unread

register = template.Library()


@register.simple_tag(takes_context=True)
def unread_notices(context):
    """How many messages the signed-in user has not read; none for a visitor."""
    return unread.count(context["request"])
