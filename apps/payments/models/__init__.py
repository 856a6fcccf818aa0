from apps.payments.models.discrepancy import Discrepancy
from apps.payments.models.notification import PaymentNotification
from apps.payments.models.payment import REFUND_PATIENCE, Payment

__all__ = ["REFUND_PATIENCE", "Discrepancy", "Payment", "PaymentNotification"]
