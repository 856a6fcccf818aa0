"""The messages about refunds."""

from django.conf import settings

from apps.cards.enums import RequestStatus
from apps.common.moments import day_of
from apps.common.money import yuan
from apps.common.typed_words import harmless
from apps.common.working_days import add_working_days
from apps.events.messages import Message
from apps.payments.enums import PaymentAction
from apps.payments.lifecycle import PAYMENT
from apps.payments.models import Payment


def _rows():
    return Payment.objects.select_related("card_request__holder")


def _facts(events):
    days = settings.REFUND_WORKING_DAYS
    return {
        event.pk: {
            "amount": yuan(event.subject.amount_fen),
            "reason": harmless(event.subject.refund_reason).rstrip("。；"),
            "matter": event.subject.card_request.matter,
            "arrives_date": add_working_days(day_of(event.at), days),
            "operator": settings.PORTAL_OPERATOR["contact"],
            "is_due": event.subject.card_request.status == RequestStatus.SUBMITTED,
        }
        for event in events
        if event.subject
    }


def _message(action, name):
    return Message(
        PAYMENT.name,
        action,
        f"payments/messages/{name}.txt",
        rows=_rows,
        facts=_facts,
    )


MESSAGES = (
    _message(PaymentAction.REFUND, "going_back"),
    _message(PaymentAction.RETURN, "returned"),
    _message(PaymentAction.FINISH_REFUND, "gone_back"),
    _message(PaymentAction.STALL_REFUND, "stalled"),
)
