from django import template

from apps.notices.models import Notice

register = template.Library()


@register.simple_tag(takes_context=True)
def unread_notices(context):
    """How many messages the signed-in user has not read; one query, none for a visitor."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return 0
    return Notice.objects.visible_to(user).unread().count()
