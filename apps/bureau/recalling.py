"""Taking an approval back, as long as the bureau has not been told."""

from django.db import transaction

from apps.bureau.policies import check_recallable
from apps.cards.enums import RequestAction
from apps.cards.models import CardRequest
from apps.cards.policies import check_may_review
from apps.events.enums import Channel, Role
from apps.lifecycle import engine


@transaction.atomic
def recall(*, card_request, by, at):
    """Take an approval back, before the request leaves for the bureau: it waits for a review again.

    The row is locked, as `production.make_batch` locks it: of the two, one comes first and the
    other sees what it did. Raises `TooLate`, `MayNotReview`, `NotAllowed`, `Overtaken`.
    """
    row = CardRequest.objects.select_for_update().get(pk=card_request.pk)
    check_recallable(row, at=at)
    check_may_review(by, card_request)
    engine.move(
        card_request,
        RequestAction.RECALL,
        by=by,
        role=Role.REVIEWER,
        at=at,
        channel=Channel.ADMIN,
    )
