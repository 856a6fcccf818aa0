from apps.payments.models.discrepancy import (
    Discrepancy,
    rest_fen,
    sum_of_discrepancies,
    sum_of_rests,
)
from apps.payments.models.notification import PaymentNotification
from apps.payments.models.payment import Payment
from apps.payments.models.payments import REFUND_PATIENCE

__all__ = [
    "REFUND_PATIENCE",
    "Discrepancy",
    "Payment",
    "PaymentNotification",
    "rest_fen",
    "sum_of_discrepancies",
    "sum_of_rests",
]
