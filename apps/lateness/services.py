"""Tells people that the day of a promise has passed, once for each promise."""

import logging

from django.db import DatabaseError, transaction

from apps.common import working_days
from apps.events import services as events
from apps.events.enums import AS_WORKER
from apps.events.models import Event
from apps.lateness.promises import expected_date, overdue, promises

logger = logging.getLogger(__name__)


def tell_overdue(*, at, deadline):
    """Record an event for everything that was promised by a day that has passed. Returns how many.

    The messages are made from these events. Idempotent: a row of which an event says so is left
    until the day named there has passed.
    """
    with working_days.read_once():
        return sum(_tell_of(promise, at, deadline) for promise in promises())


def _tell_of(promise, at, deadline):
    done = 0
    for row, day in overdue(promise, at=at):
        if deadline.has_passed:
            break
        try:
            done += _tell(promise, row, day, at)
        except DatabaseError as error:
            logger.warning("%s: nobody was told that it is late: %s", row, type(error).__name__)
    return done


@transaction.atomic
def _tell(promise, row, day, at):
    # Locked first and looked at again: another worker may tell it at this moment.
    type(row).held(row.pk)
    if not promise.untold(at=at).filter(pk=row.pk).exists():
        return 0
    told = Event.objects.about(promise.kind, row).filter(
        action=promise.action, at__gte=getattr(row, promise.since)
    )
    before = told.order_by("pk").last()
    promised = before.facts["expected"] if before else day.isoformat()
    events.record(
        kind=promise.kind,
        action=promise.action,
        at=at,
        subject_id=row.pk,
        reference=row.reference,
        holder_id=row.lifecycle.holder_id_of(row),
        facts={
            "promised": promised,
            "expected": expected_date(at).isoformat(),
            "is_again": before is not None,
        },
        **AS_WORKER,
    )
    return 1
