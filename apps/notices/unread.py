"""The number of unread messages, which every page shows."""

from apps.notices.models import Notice


def count(request):
    """Unread messages of the signed-in user; 0 for a visitor. Costs one query per request."""
    if not request.user.is_authenticated:
        return 0
    if not hasattr(request, "_unread_messages"):
        request._unread_messages = Notice.objects.visible_to(request.user).unread().count()
    return request._unread_messages
