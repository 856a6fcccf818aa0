"""The worker's part: write down which suspensions have ended.

No page depends on it: a suspension whose end has passed reads 正常 everywhere, because every page
derives the status when it reads it.
"""

from django.db.models import F

from apps.cards.enums import CardAction
from apps.cards.models import Card
from apps.events.enums import AS_WORKER
from apps.lifecycle.sweep import move_all


def expire_due(*, at, deadline):
    """Write down the suspensions that ended by `at`, the earliest first, until none is left.

    Each is recorded with the moment at which it was due, and its `LossReport` ends with it.
    `deadline` is a `Deadline`, or None. If a card cannot be moved, its reason is kept and the
    others go on. Returns how many were written down.
    """
    return move_all(
        Card.objects.suspension_over(at).order_by("suspended_until", "pk"),
        CardAction.EXPIRE,
        at=at,
        **AS_WORKER,
        due_at=F("suspended_until"),
        deadline=deadline,
    ).done
