"""What is promised of money: that it goes back by a day."""

from apps.lateness.promises import Promise, promised_days
from apps.payments.event_kinds import LATE, LateMoney
from apps.payments.models import Payment
from apps.payments.refunds import arrival_date


def _going_back():
    return Payment.objects.not_back_yet().select_related("card_request")


def _days(payments):
    return {payment.pk: arrival_date(payment.refund_began_at) for payment in payments}


ARRIVAL = Promise(LATE, LateMoney.REFUND, _going_back, _days, since="refund_began_at")
PROMISES = [ARRIVAL]


def arrival_day(payment, *, at):
    """The `PromisedDay` of the refund of `payment`, which has begun and not arrived."""
    return promised_days(ARRIVAL, [payment], at=at)[payment.pk]
