"""The messages about a card: its holder is told what happens to it without the holder."""

from apps.cards.enums import CardAction
from apps.cards.lifecycle import CARD
from apps.cards.models import Card
from apps.common import masks
from apps.events.enums import Role
from apps.events.messages import PORTAL_ONLY, Message


def _facts(events):
    return {
        event.pk: {"number": masks.card_number(event.subject.card_number)}
        for event in events
        if event.subject
    }


def _message(action, name, **details):
    return Message(
        CARD.name,
        action,
        f"cards/messages/{name}.txt",
        rows=Card.objects.all,
        facts=_facts,
        told_by=(Role.WORKER, Role.REVIEWER),
        **details,
    )


MESSAGES = (
    # A loss that is confirmed or reported at this moment writes the expiry down and goes on.
    _message(
        CardAction.EXPIRE,
        "expire",
        undone_by=(CardAction.CONFIRM_LOSS, CardAction.REPORT_LOSS, CardAction.RETIRE),
    ),
    _message(CardAction.RETIRE, "retire", channels=PORTAL_ONLY),
)
