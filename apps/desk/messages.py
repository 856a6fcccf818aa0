"""Which colleague is told that a case was referred, and who asked that it was answered."""

from apps.desk import event_kinds
from apps.desk.event_kinds import CaseAction
from apps.desk.models import Referral
from apps.events.messages import PORTAL_ONLY, Message, Placeholder


def _referrals(events):
    rows = Referral.objects.in_bulk([event.facts["referral"] for event in events])
    return {
        event.pk: {"referral": rows.get(event.facts["referral"]), "number": event.reference}
        for event in events
    }


def _to_colleague(event):
    referral = event.facts_told["referral"]
    return [referral.to_id] if referral else []


def _to_asker(event):
    referral = event.facts_told["referral"]
    return [referral.by_id] if referral else []


def _message(kind, action, name, only_to):
    return Message(
        kind.name,
        action,
        f"desk/messages/{name}.txt",
        PORTAL_ONLY,
        facts=_referrals,
        only_to=only_to,
        audience="被请的同事" if only_to is _to_colleague else "提出的同事",
    )


PLACEHOLDERS = (Placeholder("number", "编号", "CCGQDRS8X9HC69HH", is_needed=True),)

MESSAGES = tuple(
    message
    for kind in (event_kinds.REQUEST, event_kinds.FORMAL_LOSS, event_kinds.GUARDIANSHIP)
    for message in (
        _message(kind, CaseAction.HAND_OVER, "handed_over", _to_colleague),
        _message(kind, CaseAction.ASK_COLLEAGUE, "asked", _to_colleague),
        _message(kind, CaseAction.ANSWER_COLLEAGUE, "answered", _to_asker),
    )
)
