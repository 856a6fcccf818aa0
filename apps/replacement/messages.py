"""The messages about decisions on a formal loss."""

from apps.cards.policies import openness_where_issued, why_not_replaced_here
from apps.common.visibility import shown
from apps.events.messages import PORTAL_AND_SMS, Condition, Message, Placeholder, to_other_guardians
from apps.lateness.promises import words_of
from apps.regions.enums import Service
from apps.replacement.enums import FormalLossAction
from apps.replacement.event_kinds import LATE, LateLoss
from apps.replacement.lifecycle import FORMAL_LOSS
from apps.replacement.models import FormalLoss


def _rows():
    return FormalLoss.objects.select_related("card__holder", "card__city")


def _facts(events):
    """The card, and why it cannot be replaced online, as of the latest of `events`: one query."""
    cards = {event.pk: event.subject.card for event in events if event.subject}
    at = max(event.at for event in events)
    opened = openness_where_issued(cards.values(), Service.REPLACE, at=at)
    return {
        event: {
            "number": shown(card.card_number, "message.card_number"),
            "closed": why_not_replaced_here(card, at=at, opened=opened),
        }
        for event, card in cards.items()
    }


def _message(action, name):
    return Message(
        FORMAL_LOSS.name,
        action,
        f"replacement/messages/{name}.txt",
        rows=_rows,
        facts=_facts,
    )


def _late_facts(events):
    facts = _facts(events)
    return {event.pk: facts.get(event.pk, {}) | words_of(event) for event in events}


def _to_others(action, verb, then):
    return to_other_guardians(
        FORMAL_LOSS.name,
        action,
        verb=verb,
        what=lambda loss: f"社保卡（{shown(loss.card.card_number, 'message.card_number')}）",
        then=then,
        rows=_rows,
        channels=PORTAL_AND_SMS,
    )


PLACEHOLDERS = (
    Placeholder("number", "卡号", "*****1058", is_needed=True),
    Placeholder("closed", "为什么不能网上补换", "未成年人请由父母陪同到网点办理。", is_needed=True),
    Condition("closed", "不能网上补换", is_needed=True),
)

MESSAGES = (
    Message(
        LATE.name,
        LateLoss.DECISION,
        "replacement/messages/late.txt",
        rows=_rows,
        facts=_late_facts,
    ),
    _message(FormalLossAction.CONFIRM, "confirmed"),
    _message(FormalLossAction.REFUSE, "refused"),
    _message(FormalLossAction.WITHDRAW, "withdrawn"),
    _to_others(FormalLossAction.DECLARE, "登记了", "的正式挂失，等人事处确认，确认后不能再使用"),
    _to_others(FormalLossAction.TAKE_BACK, "撤回了", "的正式挂失登记，卡照常使用"),
)
