"""Of money: what a request calls paid has arrived, what is owed goes back, nothing waits unseen."""

from django.db.models import Exists, OuterRef, Subquery

from apps.cards.enums import REQUEST_ENDED_WITHOUT_CARD, RequestAction
from apps.cards.lifecycle import REQUEST
from apps.cards.models import CardRequest
from apps.common.integrity import PATIENCE, About, Invariant
from apps.events.models import Event
from apps.gateways.alipay import PAID_STATES
from apps.payments.enums import (
    ASKED_ABOUT,
    BEFORE_MONEY,
    GOING_BACK,
    RECEIVED,
    DiscrepancyKind,
    NotificationOutcome,
    PaymentAction,
    PaymentStatus,
)
from apps.payments.models import Discrepancy, Payment, PaymentNotification


def _pay_events(subject):
    return Event.objects.filter(
        subject_kind=REQUEST.name, subject_id=OuterRef(subject), action=RequestAction.PAY
    )


def _events(*actions):
    return Event.objects.of_kind(Payment.lifecycle).filter(
        subject_id=OuterRef("pk"), action__in=actions
    )


def _paid_without_money(at):
    received = Payment.objects.filter(card_request=OuterRef("pk"), status__in=RECEIVED)
    return CardRequest.objects.filter(Exists(_pay_events("pk")), ~Exists(received))


def _money_that_paid_nothing(at):
    paid = Payment.objects.filter(status=PaymentStatus.PAID)
    return paid.filter(~Exists(_pay_events("card_request_id")))


def _owed_back(at):
    """Paid for a request that ended without a card, and not on its way back."""
    owed = Payment.objects.owed_back(at - PATIENCE)
    return owed.filter(card_request__status_since__lte=at - PATIENCE)


def _left_alone(at):
    asked = Payment.objects.filter(status__in=ASKED_ABOUT)
    return asked.filter(next_check_at__lte=at - PATIENCE)


def _other_moment(at):
    """The moment of payment is that of the notification, which the event names as well."""
    confirmed = Event.objects.of_kind(Payment.lifecycle).filter(
        subject_id=OuterRef("pk"), to_status=PaymentStatus.PAID
    )
    paid = Payment.objects.filter(status=PaymentStatus.PAID)
    return paid.annotate(event=Subquery(confirmed.values("pk")[:1])).filter(event=None)


def _late_money_that_stays(at):
    """It arrived when its request could not use it, and does not go back."""
    late = Payment.objects.filter(Exists(_events(PaymentAction.RETURN)))
    return late.exclude(status__in=GOING_BACK)


def _refund_of_nothing(at):
    """Money goes back that never arrived."""
    arrived = _events(PaymentAction.RETURN, PaymentAction.CONFIRM)
    return Payment.objects.filter(~Exists(arrived), status__in=GOING_BACK)


def _refunded_and_going_on(at):
    """The request goes on, all that was paid for it has gone, and the desk does not know."""
    of_request = Payment.objects.filter(card_request=OuterRef("pk"))
    known = Discrepancy.objects.filter(
        payment__card_request=OuterRef("pk"), kind=DiscrepancyKind.REFUNDED_THERE
    )
    paid = CardRequest.objects.filter(Exists(_pay_events("pk")))
    return paid.exclude(status__in=REQUEST_ENDED_WITHOUT_CARD).filter(
        Exists(of_request.filter(status__in=GOING_BACK)),
        ~Exists(of_request.filter(status=PaymentStatus.PAID)),
        ~Exists(known),
    )


def _reported_and_not_booked(at):
    """A genuine notification of money for an order that has none."""
    genuine = PaymentNotification.objects.filter(
        trade_status__in=PAID_STATES,
        outcome__in=[NotificationOutcome.APPLIED, NotificationOutcome.REPEATED],
    )
    return genuine.filter(payment__status__in=BEFORE_MONEY)


def _differing_and_not_kept(at):
    """A genuine notification that differs from its order, and nothing for the desk to compare."""
    kept = Discrepancy.objects.filter(payment=OuterRef("payment"))
    differing = PaymentNotification.objects.filter(outcome=NotificationOutcome.DISCREPANCY)
    return differing.filter(~Exists(kept))


INVARIANTS = [
    Invariant("记为已缴费的申请，钱都到了", _paid_without_money),
    Invariant("到账的钱都付了一件申请，或在退回", _money_that_paid_nothing),
    Invariant("没有出卡的申请，钱都在退回", _owed_back, About.WORK),
    Invariant("未了结和已支付的订单都按时问过支付平台", _left_alone, About.WORK),
    Invariant("已支付的订单都有到账的记录", _other_moment),
    Invariant("到账时已不能用的钱，都在退或退完", _late_money_that_stays),
    Invariant("退回的钱都到过账", _refund_of_nothing),
    Invariant("钱已退回而还在办的申请，后台都知道", _refunded_and_going_on),
    Invariant("支付平台通知到账的订单，钱都记下了", _reported_and_not_booked),
    Invariant("和订单对不上的通知，都记入款项不符", _differing_and_not_kept),
]
