"""Of money: what a request calls paid has arrived, what is owed goes back, nothing waits unseen."""

from django.db.models import Exists, OuterRef, Subquery

from apps.cards.enums import RequestAction
from apps.cards.lifecycle import REQUEST
from apps.cards.models import CardRequest
from apps.common.integrity import PATIENCE, About, Invariant
from apps.events.models import Event
from apps.payments.enums import RECEIVED, RUNNING, PaymentStatus
from apps.payments.models import Payment


def _pay_events(subject):
    return Event.objects.filter(
        subject_kind=REQUEST.name, subject_id=OuterRef(subject), action=RequestAction.PAY
    )


def _paid_without_money(at):
    received = Payment.objects.filter(card_request=OuterRef("pk"), status__in=RECEIVED)
    return CardRequest.objects.filter(Exists(_pay_events("pk")), ~Exists(received))


def _money_that_paid_nothing(at):
    paid = Payment.objects.filter(status=PaymentStatus.PAID)
    return paid.filter(~Exists(_pay_events("card_request_id")))


def _owed_back(at):
    """Paid for a request that ended without a card, and not on its way back."""
    return Payment.objects.owed_back().filter(card_request__status_since__lte=at - PATIENCE)


def _left_alone(at):
    live = Payment.objects.filter(status__in=[*RUNNING, PaymentStatus.REFUNDING])
    return live.filter(next_check_at__lte=at - PATIENCE)


def _other_moment(at):
    """The moment of payment is that of the notification, which the event names as well."""
    confirmed = Event.objects.of_kind(Payment.lifecycle).filter(
        subject_id=OuterRef("pk"), to_status=PaymentStatus.PAID
    )
    paid = Payment.objects.filter(status=PaymentStatus.PAID)
    return paid.annotate(event=Subquery(confirmed.values("pk")[:1])).filter(event=None)


INVARIANTS = [
    Invariant("记为已缴费的申请，钱都到了", _paid_without_money),
    Invariant("到账的钱都付了一件申请，或在退回", _money_that_paid_nothing),
    Invariant("没有出卡的申请，钱都在退回", _owed_back, About.WORK),
    Invariant("未了结的订单都按时问过支付平台", _left_alone, About.WORK),
    Invariant("已支付的订单都有到账的记录", _other_moment),
]
