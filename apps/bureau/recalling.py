"""Recalls an approval while the bureau does not have the request yet."""

from django.db import transaction

from apps.bureau.policies import check_recallable
from apps.cards.enums import RequestAction
from apps.cards.models import CardRequest
from apps.cards.policies import check_may_review
from apps.events.enums import Channel, Role
from apps.lifecycle import engine
from apps.requests.promises import reviews_began


@transaction.atomic
def recall(*, card_request, by, at):
    """Recall an approval before the request is sent to the bureau: its review goes on.

    The promised day of the review stays what it was.

    The row is locked, as `production.make_batch` locks it, so the one that comes second sees what
    the first did. Raises `TooLateToRecall`, `MayNotReview`, `NotAllowed`, `Overtaken`.
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
        review_since=reviews_began([row])[row.pk],
    )
