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
    STALLED = "STALLED", "退款没退成"
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
    PaymentStatus.STALLED: "bad",
    PaymentStatus.REFUNDED: "ok",
}

# The payer may be at the cashier: a result is expected.
WAITING = (PaymentStatus.CREATED, PaymentStatus.PENDING)

# Money may still arrive: the gateway is asked about these.
RUNNING = (PaymentStatus.CREATED, PaymentStatus.PENDING, PaymentStatus.FAILED)
# No money has arrived.
BEFORE_MONEY = (*RUNNING, PaymentStatus.CLOSED)
# The gateway is asked to send the money back, again and again until it has.
SENT_BACK = (PaymentStatus.REFUNDING, PaymentStatus.STALLED)
LIVE = (*RUNNING, *SENT_BACK)
# The gateway is asked about these: the live ones, and paid ones, which it can send back by itself.
ASKED_ABOUT = (*LIVE, PaymentStatus.PAID)
# Money goes back, or has gone.
GOING_BACK = (*SENT_BACK, PaymentStatus.REFUNDED)
# Money has arrived.
RECEIVED = (PaymentStatus.PAID, *GOING_BACK)


class PaymentAction(models.TextChoices):
    CREATE = "CREATE", "生成订单"
    SEND = "SEND", "前往支付"
    CONFIRM = "CONFIRM", "支付成功"
    FAIL = "FAIL", "支付失败"
    CLOSE = "CLOSE", "关闭订单"
    RETURN = "RETURN", "到账后原路退回"
    REFUND = "REFUND", "开始退款"
    STALL_REFUND = "STALL_REFUND", "退款没退成，由人事处办"
    RETRY_REFUND = "RETRY_REFUND", "重新退款"
    FINISH_REFUND = "FINISH_REFUND", "退款完成"
    SETTLE_REFUND = "SETTLE_REFUND", "另外退还，办结"
    GATEWAY_REFUND = "GATEWAY_REFUND", "支付平台退款"


# The money arrived, or is back.
MONEY_MOVED = (
    PaymentAction.CONFIRM,
    PaymentAction.FINISH_REFUND,
    PaymentAction.SETTLE_REFUND,
    PaymentAction.GATEWAY_REFUND,
)


class DiscrepancyStatus(models.TextChoices):
    OPEN = "OPEN", "待核对"
    SETTLED = "SETTLED", "已办结"

    @property
    def tone(self):
        """The colour of its tag."""
        return "warn" if self is DiscrepancyStatus.OPEN else "ok"


class DiscrepancyAction(models.TextChoices):
    FIND = "FIND", "发现款项不符"
    SETTLE = "SETTLE", "核对办结"


class DiscrepancyKind(models.TextChoices):
    """In what a verified report of money differs from our orders."""

    SECOND_TRADE = "SECOND_TRADE", "同一订单的第二笔付款"
    OTHER_AMOUNT = "OTHER_AMOUNT", "到账金额与订单不同"
    TRADE_NUMBER = "TRADE_NUMBER", "交易号缺失，或已属于另一个订单"
    UNKNOWN_ORDER = "UNKNOWN_ORDER", "没有这个订单"
    REFUNDED_THERE = "REFUNDED_THERE", "支付平台退了款，申请还在办"
    PARTLY_REFUNDED = "PARTLY_REFUNDED", "支付平台只退了一部分"
    BACK_TWICE = "BACK_TWICE", "另外退还以后，支付平台又退了款"
    # Found by the daily bill; the desk compares, the payer hears nothing of it.
    BILL_AMOUNT = "BILL_AMOUNT", "账单的金额与订单不同"
    BILL_ONLY_THEIRS = "BILL_ONLY_THEIRS", "账单里有，我们没有到账"
    BILL_ONLY_OURS = "BILL_ONLY_OURS", "我们已到账，账单里没有"
    BILL_REFUND = "BILL_REFUND", "退款与账单不同"


# Their amount is all that the gateway has sent back up to then.
UP_TO_THEN = (DiscrepancyKind.PARTLY_REFUNDED, DiscrepancyKind.BACK_TWICE)
BY_BILL = (
    DiscrepancyKind.BILL_AMOUNT,
    DiscrepancyKind.BILL_ONLY_THEIRS,
    DiscrepancyKind.BILL_ONLY_OURS,
    DiscrepancyKind.BILL_REFUND,
)


class NotificationOutcome(models.TextChoices):
    """The result of a notification."""

    APPLIED = "APPLIED", "已处理"
    REPEATED = "REPEATED", "重复或来晚了，没有改动"
    DISCREPANCY = "DISCREPANCY", "记入款项不符，待核对"
    FORGED = "FORGED", "验签不通过，或不是发给本单位的"
    UNREADABLE = "UNREADABLE", "内容读不出"
    UNKNOWN_ORDER = "UNKNOWN_ORDER", "订单不存在"
    MISMATCH = "MISMATCH", "内容与订单不符"
    BROKEN = "BROKEN", "处理出错"
