"""Statuses and actions of a daily bill, and what a line of it says. Stored values never change."""

from django.db import models


class BillStatus(models.TextChoices):
    WAITING = "WAITING", "待取"
    COMPARED = "COMPARED", "已核对"
    EMPTY = "EMPTY", "这天没有交易"

    @property
    def tone(self):
        """The colour of its tag."""
        return "warn" if self is BillStatus.WAITING else "ok"


class BillAction(models.TextChoices):
    EXPECT = "EXPECT", "等待账单"
    TAKE = "TAKE", "收下并核对账单"
    FIND_EMPTY = "FIND_EMPTY", "这天没有交易"


class LineKind(models.TextChoices):
    TRADE = "TRADE", "收款"
    REFUND = "REFUND", "退款"


class LineResult(models.TextChoices):
    MATCHED = "MATCHED", "相符"
    KNOWN = "KNOWN", "不符，早已记下"
    DIFFERS = "DIFFERS", "不符"

    @property
    def tone(self):
        """The colour of its tag."""
        return "ok" if self is LineResult.MATCHED else "warn"


class EntryKind(models.TextChoices):
    """What is booked in a month."""

    PAID = "PAID", "收款"
    REFUNDED = "REFUNDED", "退款"
    SETTLED = "SETTLED", "另外退还"
    FEE = "FEE", "服务费"


class MonthAction(models.TextChoices):
    CLOSE = "CLOSE", "结账"
    FETCH = "FETCH", "下载月结明细"
