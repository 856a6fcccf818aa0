"""The messages about money that goes back, and about money that matches no order."""

from django.conf import settings

from apps.common.money import yuan
from apps.common.rules import rule_text
from apps.common.typed_words import harmless
from apps.events.messages import Condition, Message, Placeholder
from apps.lateness.promises import words_of
from apps.payments.enums import DiscrepancyAction, PaymentAction
from apps.payments.event_kinds import LATE, LateMoney
from apps.payments.lifecycle import DISCREPANCY, PAYMENT
from apps.payments.models import Discrepancy, Payment

_AUDIENCE = (
    f"持卡人本人；未满 {rule_text('GUARDIAN_UNTIL_AGE')}的，每位监护人；付款的人，即使不再是监护人"
)


def _rows():
    return Payment.objects.select_related("card_request__holder")


def _facts(events):
    return {
        event.pk: {
            "amount": yuan(event.subject.amount_fen),
            "reason": harmless(event.subject.refund_reason).rstrip("。；"),
            "settlement": harmless(event.subject.settlement).rstrip("。；"),
            "matter": event.subject.card_request.matter,
            "arrives_date": event.subject.arrives_date,
            "operator": settings.PORTAL_OPERATOR["contact"],
            # Of a person who acts alone by then the reason says how it goes on.
            "is_due": event.subject.card_request.awaits_payment
            and not event.subject.card_request.is_handed_over(event.at),
        }
        for event in events
        if event.subject
    }


def _payer(event):
    """Who paid, perhaps as the guardian of somebody who acts alone since: it is their money."""
    return [event.subject.created_by_id] if event.subject else []


def _message(action, name):
    return Message(
        PAYMENT.name,
        action,
        f"payments/messages/{name}.txt",
        rows=_rows,
        facts=_facts,
        also_to=_payer,
        audience=_AUDIENCE,
    )


def _discrepancies():
    return Discrepancy.objects.select_related("payment__card_request__holder")


def _payer_of_order(event):
    of_order = event.subject and event.subject.holder_id
    return [event.subject.payment.created_by_id] if of_order else []


def _told(events):
    return {
        event.pk: {
            "told": harmless(event.subject.told),
            "matter": event.subject.payment.card_request.matter,
        }
        for event in events
        if event.subject and event.subject.holder_id
    }


def _about_discrepancy(action):
    return Message(
        DISCREPANCY.name,
        action,
        "payments/messages/discrepancy.txt",
        rows=_discrepancies,
        facts=_told,
        also_to=_payer_of_order,
        audience=_AUDIENCE,
    )


def _late_facts(events):
    facts = _facts(events)
    return {event.pk: facts.get(event.pk, {}) | words_of(event) for event in events}


PLACEHOLDERS = (
    Placeholder("matter", "业务", "申领"),
    Placeholder("amount", "金额", "13.50", is_needed=True),
    Placeholder("arrives_date|promise", "到账日期", "12月9日（周三）24:00 前", is_needed=True),
    Placeholder("settlement", "怎样退还", "现金，本人签收", is_needed=True),
    Placeholder("told", "核对结果", "多付的 13.50 元将原路退回。", is_needed=True),
    Condition("is_due", "还没有缴费", is_needed=True),
)

MESSAGES = (
    Message(
        LATE.name,
        LateMoney.REFUND,
        "payments/messages/late.txt",
        rows=_rows,
        facts=_late_facts,
        also_to=_payer,
        audience=_AUDIENCE,
    ),
    _message(PaymentAction.REFUND, "going_back"),
    _message(PaymentAction.RETURN, "returned"),
    _message(PaymentAction.FINISH_REFUND, "gone_back"),
    _message(PaymentAction.STALL_REFUND, "stalled"),
    _message(PaymentAction.SETTLE_REFUND, "settled"),
    _message(PaymentAction.GATEWAY_REFUND, "refunded_there"),
    _about_discrepancy(DiscrepancyAction.FIND),
    _about_discrepancy(DiscrepancyAction.SETTLE),
)
