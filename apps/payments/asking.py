"""Who may ask the gateway about a payment now, and what is noted when it does not answer."""

from datetime import timedelta

from apps.common import leases
from apps.gateways.port import get_gateway
from apps.payments.enums import PaymentStatus
from apps.payments.models import Payment

LEAST_PAUSE = timedelta(seconds=3)  # between two questions about one payment, whoever asks


def lease(payment, pauses, *, at):
    """Push the next question forward before asking. Returns whether this caller may ask now.

    If two workers call this at the same time, only one of them gets True.
    """
    if leases.is_within(LEAST_PAUSE, payment.last_checked_at, at):
        return False
    count = payment.check_count
    values = {
        "check_count": count + 1,
        "last_checked_at": at,
        "next_check_at": at + pauses[min(count, len(pauses) - 1)],
        "last_error": "",
    }
    same = Payment.objects.filter(pk=payment.pk, check_count=count, status=payment.status)
    if not same.update(**values):
        return False
    for name, value in values.items():
        setattr(payment, name, value)
    return True


def ask_no_more(payment):
    """Write down that nothing new is expected of a paid order."""
    paid = Payment.objects.filter(pk=payment.pk, status=PaymentStatus.PAID)
    paid.update(next_check_at=None)


def report_on_paid(payment, *, at):
    """What the gateway reports on a paid order, parts that went back included.

    Raises `GatewayUnavailable`.
    """
    between = (payment.created_at, payment.paid_at)
    with noting_errors(payment):
        gateway = get_gateway(payment.gateway)
        report = gateway.query_paid(payment.reference, between=between, at=at)
    return report.about_paid(payment.trade_number)


class noting_errors:
    """Stores the reason of a failed call in the payment, for the admin, and re-raises the error."""

    def __init__(self, payment):
        self.payment = payment

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if error is not None:
            text = f"{kind.__name__}: {error}"[:200]
            Payment.objects.filter(pk=self.payment.pk).update(last_error=text)
