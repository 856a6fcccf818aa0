"""The worker's part of a request: accept what is paid, close what was sent long ago.

Each sweep works until nothing is due or its time is over. It is idempotent and may be killed at any
moment, because the rows themselves are the queue.
"""

from datetime import timedelta

from django.conf import settings

from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.models import CardRequest
from apps.common.moments import began_before, end_of
from apps.events.enums import AS_WORKER
from apps.lifecycle.sweep import move_all
from apps.lifecycle.writing import Own
from apps.requests.policies import last_day_to_confirm


def accept_paid(*, at, deadline):
    """Accept requests that are paid (受理制卡申请). Returns a `Sweep`."""
    due = CardRequest.objects.resting_for(RequestStatus.PAID, timedelta(0), at)
    return move_all(due, RequestAction.ACCEPT, at=at, deadline=deadline, **AS_WORKER)


def collect_overdue(*, at, deadline):
    """Close requests whose card was sent long ago and whose receipt nobody confirmed.

    Not of cards that the unit hands out: those wait in its cupboard.
    """
    sent = CardRequest.objects.resting_since(
        RequestStatus.DISPATCHED, began_before(at, settings.COLLECT_AFTER)
    )
    return move_all(
        sent.filter(is_collected_by_unit=False),
        RequestAction.COLLECT,
        at=at,
        each=_when_due,
        reason="发出多日没有确认，系统自动确认领取",
        deadline=deadline,
        **AS_WORKER,
    )


def _when_due(requests):
    return {
        card_request.pk: Own(due_at=end_of(last_day_to_confirm(card_request)))
        for card_request in requests
    }
