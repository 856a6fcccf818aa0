"""An applicant takes a request back from the review to change it, and gives it back (自行修改).

What was changed is handed in by `services.amend`, as after a reviewer's own request.
"""

import logging

from django.conf import settings
from django.db import DatabaseError, transaction

from apps.cards.enums import RequestAction
from apps.cards.models import CardRequest
from apps.cards.permissions import role_of
from apps.common.moments import day_of
from apps.common.refusals import Refused
from apps.common.working_days import add_working_days
from apps.events.enums import AS_WORKER, Channel
from apps.lifecycle import engine
from apps.requests.models import Amendment, Particulars
from apps.requests.particulars import snapshot
from apps.requests.policies import (
    check_fields,
    check_reopenable,
    check_resumable,
    under_review,
)

logger = logging.getLogger(__name__)


@transaction.atomic
def reopen(*, card_request, fields, by, at):
    """Take the request back from the review to change `fields` of it (自行修改).

    A reviewer who reads it keeps it. The promised day of the review is counted anew from the day
    on which it is handed in again. Returns the `Amendment`. Raises `NotYours`, `NotAllowed`,
    `Overtaken`, and `Refused` while a reviewer reads it or without a field.
    """
    role = role_of(by, card_request.holder, at=at)
    check_fields(fields)
    # Locked, as a claim locks it: the second one sees what the first did.
    row = CardRequest.held(card_request.pk)
    check_reopenable(row, read=under_review([row], at=at).get(row.pk))
    engine.move(card_request, RequestAction.REOPEN, by=by, role=role, at=at, channel=Channel.WEB)
    particulars = Particulars.objects.get(card_request=card_request)
    return Amendment.objects.create(
        card_request=card_request,
        items=[{"field": name, "reason": ""} for name in fields],
        before=snapshot(particulars, fields),
        portrait_before=particulars.portrait.name if "portrait" in fields else "",
        is_own=True,
        due_date=add_working_days(day_of(at), settings.AMENDMENT_WORKING_DAYS),
        asked_at=at,
        asked_by=by,
    )


@transaction.atomic
def resume(*, card_request, by, at):
    """Give the request back to the review without the typed changes (继续审核).

    `by` is the applicant, or None for the worker when the last day has passed. A portrait that was
    chosen meanwhile stays. Raises `NotYours`, `NotAllowed` for what a reviewer asked for,
    `Overtaken`.
    """
    amendment = Amendment.objects.open().filter(card_request=card_request).first()
    check_resumable(amendment)
    if by is None:
        who = AS_WORKER
    else:
        role = role_of(by, card_request.holder, at=at)
        who = {"by": by, "role": role, "channel": Channel.WEB}
    engine.move(card_request, RequestAction.RESUME, at=at, **who)
    Particulars.objects.filter(card_request=card_request).update(typed="", edited={})
    # It ends for the person who took the request back, also if the worker ends it.
    Amendment.objects.filter(pk=amendment.pk).update(
        answered_at=at, answered_by=amendment.asked_by_id
    )


def resume_lapsed(*, at, limit):
    """Give back up to `limit` requests whose applicants let the last day pass. Returns how many."""
    due = Amendment.objects.lapsed(day_of(at)).select_related("card_request")
    done = 0
    for amendment in due.order_by("due_date", "pk")[:limit]:
        try:
            resume(card_request=amendment.card_request, by=None, at=at)
        except (Refused, DatabaseError) as error:
            logger.warning("%s not given back: %s", amendment, type(error).__name__)
        else:
            done += 1
    return done
