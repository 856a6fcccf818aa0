from django.db import models


class TradeStatus(models.TextChoices):
    """Alipay's statuses, and one of our own: TRADE_FAILED, after a try to pay has failed."""

    WAIT_BUYER_PAY = "WAIT_BUYER_PAY", "等待付款"
    TRADE_FAILED = "TRADE_FAILED", "付款失败"
    TRADE_SUCCESS = "TRADE_SUCCESS", "已付款"
    TRADE_CLOSED = "TRADE_CLOSED", "已关闭"

    @property
    def is_paid(self):
        return self == TradeStatus.TRADE_SUCCESS

    @property
    def last_try(self):
        """The sentence about a failed try to pay; "" before any."""
        return _LAST_TRIES.get(self, "")

    @property
    def why_over(self):
        """Why a trade that cannot be paid any more is over."""
        return _WHY_OVER.get(self, "已经过了付款时间")


class AfterPayment(models.TextChoices):
    """What a platform does by itself after a payment."""

    REFUND = "refund", "由支付平台退款"
    REFUND_PART = "refund_part", "由支付平台退一半"
    SECOND_TRADE = "second_trade", "用另一个交易号再付一次"


_LAST_TRIES = {TradeStatus.TRADE_FAILED: "上次付款失败，可以再试一次。"}
_WHY_OVER = {TradeStatus.TRADE_SUCCESS: "已经付款", TradeStatus.TRADE_CLOSED: "已经关闭"}


PAYABLE = (TradeStatus.WAIT_BUYER_PAY, TradeStatus.TRADE_FAILED)
