"""Taking an approval back, as long as the bureau has not been told."""

from django.db import transaction

from apps.bureau.models import ProductionOrder
from apps.cards.enums import RequestAction
from apps.cards.models import CardRequest
from apps.cards.policies import check_may_review
from apps.common.refusals import Refused
from apps.events.enums import Channel, Role
from apps.lifecycle import engine
from apps.requests.services import recallable_until


class TooLate(Refused):
    """The approval can't be recalled any more: the time is over, or the bureau has the request."""


@transaction.atomic
def recall(*, request, by, at):
    """Take an approval back, before the request leaves for the bureau: it waits for a review again.

    The row is locked, as `production.make_batch` locks it: of the two, one comes first and the
    other sees what it did. Raises `TooLate`, `MayNotReview`, `NotAllowed`, `Overtaken`.
    """
    row = CardRequest.objects.select_for_update().get(pk=request.pk)
    if ProductionOrder.objects.live().filter(request=row).exists():
        raise TooLate("这件申请已经送往制卡中心，不能再撤回。", code="at_the_bureau")
    until = recallable_until(request=row)
    if until is not None and at >= until:
        raise TooLate("撤回的时间已过，这件申请马上送往制卡中心，不能再撤回。", code="too_late")
    check_may_review(by, request)
    engine.move(
        request,
        RequestAction.RECALL,
        by=by,
        role=Role.REVIEWER,
        at=at,
        channel=Channel.ADMIN,
    )
