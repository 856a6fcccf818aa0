"""What people are reminded of, and in whose words.

A message is not sent when what it asks for was done meanwhile (`is_over`).
"""

from django.conf import settings

from apps.cards.enums import CARD_IN_HAND, CardStatus, RequestStatus
from apps.cards.models import Card, CardRequest
from apps.events.messages import Condition, Message, Placeholder
from apps.onboarding.enums import OBLIGATORY, ReminderAction
from apps.onboarding.event_kinds import REMINDER
from apps.people.models import Holder
from apps.requests.models import Amendment
from apps.requests.policies import last_day_to_pay

# What is asked for is still to be done as long as the request is so.
_OPEN_WHILE = {
    ReminderAction.FINISH_DRAFT: RequestStatus.DRAFT,
    ReminderAction.GIVE_ADDRESS: RequestStatus.SUBMITTED,
    ReminderAction.PAY: RequestStatus.SUBMITTED,
    ReminderAction.AMEND: RequestStatus.NEEDS_AMENDMENT,
    ReminderAction.RECEIVE: RequestStatus.DISPATCHED,
}


def _rows():
    return Holder.objects.all()


def _facts(events):
    """What is under way with the person of each event, and until when. Three queries."""
    people = {event.holder_id for event in events}
    requests = {
        row.holder_id: row for row in CardRequest.objects.in_flight().filter(holder__in=people)
    }
    cards = {
        row["holder_id"]: row["status"]
        for row in Card.objects.filter(holder__in=people, status__in=CARD_IN_HAND)
        .order_by("pk")
        .values("holder_id", "status")
    }
    open_amendments = Amendment.objects.open().filter(card_request__holder__in=people)
    due = dict(open_amendments.values_list("card_request__holder", "due_date"))
    return {
        event.pk: _of(
            event,
            requests.get(event.holder_id),
            cards.get(event.holder_id),
            due.get(event.holder_id),
        )
        for event in events
    }


def _of(event, card_request, card_status, due_date):
    is_unpaid = card_request is not None and card_request.awaits_payment
    return {
        "is_over": _is_over(event.action, card_request, card_status),
        "matter": card_request.matter if card_request else "申领",
        "due_date": due_date,
        "last_date": last_day_to_pay(card_request) if is_unpaid else None,
        "operator": settings.PORTAL_OPERATOR["contact"],
    }


def _is_over(action, card_request, card_status):
    if action == ReminderAction.BEGIN:
        return card_request is not None or card_status is not None
    if action == ReminderAction.ACTIVATE:
        return card_status != CardStatus.SEALED
    return card_request is None or card_request.status != _OPEN_WHILE[action]


PLACEHOLDERS = (
    Placeholder("matter", "业务", "申领"),
    Placeholder("due_date|end_of_day", "修改期限", "12月6日（周日）24:00", is_needed=True),
    Placeholder("last_date|end_of_day", "缴费期限", "12月6日（周日）24:00", is_needed=True),
    Condition("due_date", "有修改期限"),
    Condition("last_date", "有缴费期限"),
)
MESSAGES = tuple(
    Message(
        REMINDER.name,
        action,
        f"onboarding/messages/{action.lower()}.txt",
        rows=_rows,
        facts=_facts,
        is_optional=action not in OBLIGATORY,
    )
    for action in ReminderAction
    # The invitation itself goes out again, with a new link.
    if action != ReminderAction.INVITE
)
