"""How many messages somebody has not read: shown on every page."""

from apps.notices.models import Notice


def count(request):
    """Of the signed-in user, 0 for a visitor; one query, however often the page asks."""
    if not request.user.is_authenticated:
        return 0
    if not hasattr(request, "_unread_messages"):
        request._unread_messages = Notice.objects.visible_to(request.user).unread().count()
    return request._unread_messages
