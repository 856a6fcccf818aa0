"""What is promised of money: that it goes back by a day."""

from apps.lateness.promises import Promise
from apps.payments.event_kinds import LATE, LateMoney
from apps.payments.models import Payment
from apps.payments.refunds import arrival_date


def _going_back():
    return Payment.objects.not_back_yet().select_related("card_request")


def _days(payments):
    return {payment.pk: arrival_date(payment.refund_began_at) for payment in payments}


PROMISES = [Promise(LATE, LateMoney.REFUND, _going_back, _days, since="refund_began_at")]
