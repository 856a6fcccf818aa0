"""The worker's part of a request: accept what is paid, close what was sent long ago.

Each sweep works until nothing is due or its time is over. It is idempotent and may be killed at any
moment, because the rows themselves are the queue.
"""

from datetime import timedelta

from django.conf import settings
from django.db.models import DateTimeField, ExpressionWrapper, F, Value

from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.models import CardRequest
from apps.events.enums import AS_WORKER
from apps.lifecycle.sweep import move_all


def accept_paid(*, at, deadline):
    """Accept requests that are paid (受理制卡申请). Returns a `Sweep`."""
    due = CardRequest.objects.resting_for(RequestStatus.PAID, timedelta(0), at)
    return move_all(due, RequestAction.ACCEPT, at=at, deadline=deadline, **AS_WORKER)


def collect_overdue(*, at, deadline):
    """Close requests whose card was sent long ago and whose receipt nobody confirmed."""
    after = settings.COLLECT_AFTER
    return move_all(
        CardRequest.objects.resting_since(RequestStatus.DISPATCHED, at - after),
        RequestAction.COLLECT,
        at=at,
        due_at=ExpressionWrapper(F("status_since") + Value(after), output_field=DateTimeField()),
        reason="发出后多日未确认，系统自动确认领取",
        deadline=deadline,
        **AS_WORKER,
    )
