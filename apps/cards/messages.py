"""The messages about a card: its holder is told what happens to it without the holder."""

from apps.cards.enums import CardAction
from apps.cards.lifecycle import CARD
from apps.cards.models import Card
from apps.common.visibility import shown
from apps.events.enums import Role
from apps.events.messages import (
    PORTAL_AND_SMS,
    PORTAL_ONLY,
    Message,
    Placeholder,
    to_other_guardians,
)


def _facts(events):
    return {
        event.pk: {"number": shown(event.subject.card_number, "message.card_number")}
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


def _to_others(action, verb, then="", channels=PORTAL_ONLY):
    return to_other_guardians(
        CARD.name,
        action,
        verb=verb,
        what=lambda card: f"社保卡（{shown(card.card_number, 'message.card_number')}）",
        then=then,
        rows=Card.objects.all,
        channels=channels,
    )


PLACEHOLDERS = (Placeholder("number", "卡号", "*****1058", is_needed=True),)

MESSAGES = (
    # A loss that is confirmed or reported at this moment writes the expiry down and goes on.
    _message(
        CardAction.EXPIRE,
        "expire",
        undone_by=(CardAction.CONFIRM_LOSS, CardAction.REPORT_LOSS, CardAction.RETIRE),
    ),
    _message(CardAction.RETIRE, "retire", channels=PORTAL_ONLY),
    _to_others(CardAction.ACTIVATE, "启用了"),
    # Whether the card works just now is what somebody in a hospital has to know.
    _to_others(CardAction.REPORT_LOSS, "临时挂失了", "，现在不能使用", PORTAL_AND_SMS),
    _to_others(CardAction.LIFT, "解除了", "的临时挂失，卡恢复使用", PORTAL_AND_SMS),
)
