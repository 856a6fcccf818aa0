"""The messages about decisions on a formal loss."""

from apps.cards.policies import why_not_replaced_online
from apps.common import masks
from apps.events.messages import Message
from apps.replacement.enums import FormalLossAction
from apps.replacement.lifecycle import FORMAL_LOSS
from apps.replacement.models import FormalLoss


def _rows():
    return FormalLoss.objects.select_related("card__holder")


def _facts(events):
    return {
        event.pk: {
            "number": masks.card_number(event.subject.card.card_number),
            "closed": why_not_replaced_online(event.subject.card.holder, at=event.at),
        }
        for event in events
        if event.subject
    }


def _message(action, name):
    return Message(
        FORMAL_LOSS.name,
        action,
        f"replacement/messages/{name}.txt",
        rows=_rows,
        facts=_facts,
    )


MESSAGES = (
    _message(FormalLossAction.CONFIRM, "confirmed"),
    _message(FormalLossAction.REFUSE, "refused"),
    _message(FormalLossAction.WITHDRAW, "withdrawn"),
)
