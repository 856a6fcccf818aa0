"""The worker's part of a request: accept what is paid, close what was sent long ago.

Every function takes what is due from the database, oldest first and limited, gives each row its
own transaction, and may run twice or be killed at any moment: the rows are the queue.
"""

import logging

from django.conf import settings
from django.db import DatabaseError

from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.models import CardRequest
from apps.common.refusals import Refused
from apps.events.enums import Channel, Role
from apps.lifecycle import engine

logger = logging.getLogger(__name__)

AS_WORKER = {"by": None, "role": Role.WORKER, "channel": Channel.WORKER}


def accept_paid(*, at, limit):
    """Accept requests that are paid (受理制卡申请). Returns how many were accepted."""
    due = CardRequest.objects.resting_since(RequestStatus.PAID, at)[:limit]
    return _each(due, lambda request: _advance(request, RequestAction.ACCEPT, at=at))


def collect_overdue(*, at, limit):
    """Close requests whose card was sent long ago and whose receipt nobody confirmed."""
    before = at - settings.COLLECT_AFTER
    due = CardRequest.objects.resting_since(RequestStatus.DISPATCHED, before)[:limit]
    return _each(
        due,
        lambda request: _advance(
            request,
            RequestAction.COLLECT,
            at=at,
            due_at=request.status_since + settings.COLLECT_AFTER,
            reason="发出后多日未确认，系统自动确认领取",
        ),
    )


def _advance(request, action, *, at, due_at=None, reason=""):
    engine.move(request, action, at=at, due_at=due_at, reason=reason, **AS_WORKER)


def _each(rows, act):
    """Call `act` on every row; a refusal of one is logged and never stops the rest."""
    done = 0
    for row in rows:
        try:
            act(row)
        except (Refused, DatabaseError) as error:
            logger.warning("%s not advanced: %s", row, type(error).__name__)
        else:
            done += 1
    return done
