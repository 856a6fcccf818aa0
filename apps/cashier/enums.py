from django.db import models


class TradeStatus(models.TextChoices):
    """Alipay's words, and one of our own: TRADE_FAILED says that a try to pay went wrong."""

    WAIT_BUYER_PAY = "WAIT_BUYER_PAY", "等待付款"
    TRADE_FAILED = "TRADE_FAILED", "付款失败"
    TRADE_SUCCESS = "TRADE_SUCCESS", "已付款"
    TRADE_CLOSED = "TRADE_CLOSED", "已关闭"


PAYABLE = (TradeStatus.WAIT_BUYER_PAY, TradeStatus.TRADE_FAILED)
