"""The number of unread messages, which every page shows."""

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils import timezone

from apps.notices.models import Notice

TOLD, OF_OTHERS = "unread_told", "unread_of_others"


def count(request):
    """Unread messages of the signed-in user; 0 for a visitor.

    The account of a session carries it (`told`, `of_others`). There is a query only where there are
    unread messages about a child.
    """
    if not request.user.is_authenticated:
        return 0
    if not hasattr(request, "_unread_messages"):
        request._unread_messages = _count(request.user, at=timezone.now())
    return request._unread_messages


def _count(user, *, at):
    if not hasattr(user, TOLD) or getattr(user, OF_OTHERS):
        return Notice.objects.visible_to(user, at=at).unread().count()
    return getattr(user, TOLD) or 0


def told():
    """The expression over accounts: how many unread messages were written to each, or None."""
    return _counted(Q())


def of_others():
    """The expression over accounts: how many of these are not about the person itself, or None."""
    return _counted(~Q(holder__user=F("recipient")) | Q(holder__user=None))


def _counted(condition):
    unread = Notice.objects.written_to(OuterRef("pk")).unread().filter(condition)
    return Subquery(unread.order_by().values("recipient").annotate(n=Count("pk")).values("n"))
