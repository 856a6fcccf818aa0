"""Previews what the applicant will read about a decision.

`engine.foreseen` computes the move, and the functions that make the messages and the progress page
make the text. No sentence is written here.
"""

from apps.cards.enums import RequestAction
from apps.delivery.models import shipment_at
from apps.events.enums import Channel, Role
from apps.lifecycle import engine
from apps.notices import words
from apps.payments import money_back
from apps.payments.models import Payment
from apps.requests import promises, registry
from apps.requests.messages import in_words
from apps.requests.models import Amendment
from apps.requests.particulars import reasons_of
from apps.waiting import standing, timeline


def of(card_request, action, *, by, at, reason="", items=(), due_date=None):
    """The context of `review/_preview.html`. Raises `NotAllowed` when the move is not open.

    `items` and `due_date` belong to an amendment, `reason` to a rejection.
    """
    moved, event = engine.foreseen(
        card_request,
        action,
        by=by,
        role=Role.REVIEWER,
        at=at,
        channel=Channel.ADMIN,
        reason=reasons_of(items) or reason,
    )
    event.subject = moved
    is_asking = action == RequestAction.REQUEST_AMENDMENT
    amendment = Amendment(card_request=moved, items=items, due_date=due_date) if is_asking else None
    times = promises.stage_times([moved])[moved.pk]
    events = [*card_request.events, event]
    past = [node for node in timeline.nodes(moved, events, at=at, times=times) if node.at]
    return {
        "messages_told": words.preview(
            event,
            card_request.applicant_at(at),
            subject=moved,
            at=at,
            to_change=in_words(items),
            due_date=due_date,
        ),
        "card_request": moved,
        "standing": standing.standing(
            moved, shipment=shipment_at(card_request, at), at=at, amendment=amendment, times=times
        ),
        "nodes": past[-1:],
        "money_lines": _money_lines(card_request, moved, at=at),
        "asked": [
            {"label": registry.get(item["field"]).label, "reason": item["reason"]} for item in items
        ],
    }


def _money_lines(card_request, moved, *, at):
    """What the applicant will read about the money of `card_request` once it is `moved`."""
    lines = []
    for payment in Payment.objects.filter(card_request=card_request).order_by("pk"):
        payment.card_request = moved
        if payment.is_going_back:
            lines.append(money_back.of_payment(payment, at=at))
    return lines
