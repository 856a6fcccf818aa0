"""Takes a decision back while nobody has acted on it: the request is what it was before."""

from django.db import IntegrityError, transaction

from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.lifecycle import RECALLABLE
from apps.cards.models import Card, CardRequest
from apps.cards.policies import check_may_review
from apps.events.enums import Channel, Role
from apps.inquiries import services as inquiries
from apps.lifecycle import engine
from apps.recall.policies import begun_anew, check_recallable, decisions_of, recall_action
from apps.requests import amendments
from apps.requests.promises import reviews_began


@transaction.atomic
def recall(*, card_request, by, at):
    """Recall the approval, amendment or rejection with which `card_request` is where it is.

    The promised day of the review stays what it was. The row is locked, as by whoever acts on the
    decision (the batch for the bureau, the applicant's answer, the refund), so the one that comes
    second sees what the first did. Raises `TooLateToRecall`, `MayNotReview`, `NotAllowed`,
    `Overtaken`.
    """
    row = CardRequest.held(card_request.pk)
    lock_old_cards(requests=[row])
    check_recallable(row, at=at)
    check_may_review(by, card_request)
    decision = decisions_of([row]).get(row.pk)
    action = recall_action(decision) if decision else RequestAction.RECALL
    columns = {}
    if action == RequestAction.RECALL and row.status in RECALLABLE:
        columns["review_since"] = reviews_began([row])[row.pk]
    try:
        with transaction.atomic():
            engine.move(
                card_request,
                action,
                by=by,
                role=Role.REVIEWER,
                at=at,
                channel=Channel.ADMIN,
                **columns,
            )
    except IntegrityError as error:
        # The person has begun another request at this moment.
        raise begun_anew() from error
    restore(decisions={row.pk: decision}, by=by, at=at)


def lock_old_cards(*, requests):
    """Lock the cards that `requests` replace, as whoever withdraws a formal loss does."""
    keys = [row.old_card_id for row in requests if row.old_card_id]
    if keys:
        list(Card.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))


def restore(*, decisions, by, at):
    """Bring back what `decisions`, {pk: event}, have ended: amendments and questions.

    Call it in the transaction that has moved these requests.
    """
    amendments.recall(requests=list(decisions), by=by, at=at)
    amendments.reopen(
        requests=[
            pk
            for pk, decision in decisions.items()
            if decision.from_status == RequestStatus.NEEDS_AMENDMENT
        ]
    )
    inquiries.reopen(requests={pk: each.at for pk, each in decisions.items()}, by=by, at=at)
