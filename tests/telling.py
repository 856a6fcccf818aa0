"""What people are told, in tests: every message that is due is made and sent."""

from apps.notices import services as notices
from apps.notices.models import Notice


def tell(at):
    """Make a notice of each event up to `at` and send it."""
    notices.collect(at=at, limit=100)
    notices.send_due(at=at, limit=100)


def texts_for(user):
    """The texts of all that `user` was told."""
    return {notice.text for notice in Notice.objects.filter(recipient=user)}
