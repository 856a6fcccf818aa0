"""Statuses, actions and gateways of a payment. Stored values never change."""

from django.db import models


class GatewayName(models.TextChoices):
    SANDBOX = "sandbox", "模拟收银台"
    ALIPAY = "alipay", "支付宝"


class PaymentStatus(models.TextChoices):
    CREATED = "CREATED", "待支付"
    PENDING = "PENDING", "支付中"
    PAID = "PAID", "支付成功"
    FAILED = "FAILED", "支付失败"
    CLOSED = "CLOSED", "已关闭"
    REFUNDING = "REFUNDING", "退款中"
    REFUNDED = "REFUNDED", "已退款"

    @property
    def tone(self):
        """The colour of its tag."""
        return _TONES[self]


_TONES = {
    PaymentStatus.CREATED: "info",
    PaymentStatus.PENDING: "info",
    PaymentStatus.PAID: "ok",
    PaymentStatus.FAILED: "bad",
    PaymentStatus.CLOSED: "",
    PaymentStatus.REFUNDING: "warn",
    PaymentStatus.REFUNDED: "ok",
}

# The payer may be at the cashier: a result is expected.
WAITING = (PaymentStatus.CREATED, PaymentStatus.PENDING)

# Money may still arrive: the gateway is asked about these.
RUNNING = (PaymentStatus.CREATED, PaymentStatus.PENDING, PaymentStatus.FAILED)
# Money has arrived.
RECEIVED = (PaymentStatus.PAID, PaymentStatus.REFUNDING, PaymentStatus.REFUNDED)


class PaymentAction(models.TextChoices):
    CREATE = "CREATE", "生成订单"
    SEND = "SEND", "前往支付"
    CONFIRM = "CONFIRM", "支付成功"
    FAIL = "FAIL", "支付失败"
    CLOSE = "CLOSE", "关闭订单"
    RETURN = "RETURN", "到账后原路退回"
    REFUND = "REFUND", "开始退款"
    STALL_REFUND = "STALL_REFUND", "退款受阻，人工处理"
    FINISH_REFUND = "FINISH_REFUND", "退款完成"


class NotificationOutcome(models.TextChoices):
    """The result of a notification."""

    APPLIED = "APPLIED", "已处理"
    REPEATED = "REPEATED", "重复或过时，未改变"
    FORGED = "FORGED", "验签不通过"
    UNKNOWN_ORDER = "UNKNOWN_ORDER", "订单不存在"
    MISMATCH = "MISMATCH", "内容与订单不符"
