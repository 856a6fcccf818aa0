"""The worker's part: write down which suspensions have ended.

Nothing waits for it. A suspension whose end has passed reads 正常 everywhere, because the status is
derived at reading time.
"""

from django.db.models import F

from apps.cards.enums import CardAction
from apps.cards.models import Card
from apps.events.enums import Channel, Role
from apps.lifecycle.sweep import move_all


def expire_due(*, at, deadline):
    """Write down the suspensions that ended by `at`, the earliest first, until none is left.

    Each with the moment it was due; its `LossReport` ends with it. `deadline` is a `Deadline`, or
    None. A card that cannot be moved keeps its reason and stops nobody. Returns how many were
    written down.
    """
    return move_all(
        Card.objects.suspension_over(at).order_by("suspended_until", "pk"),
        CardAction.EXPIRE,
        by=None,
        role=Role.WORKER,
        at=at,
        channel=Channel.WORKER,
        due_at=F("suspended_until"),
        deadline=deadline,
    ).done
