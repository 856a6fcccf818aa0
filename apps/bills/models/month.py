"""The closed months: what was booked in each, for good."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from apps.bills.enums import EntryKind
from apps.bills.models.bill import BillLine
from apps.common.references import new_reference
from apps.payments.enums import GatewayName
from apps.payments.models import Payment

SUMS = ("opening_fen", "paid_fen", "refunded_fen", "settled_fen", "fee_fen", "closing_fen")


class ClosedMonth(models.Model):
    """One month at one gateway. Nothing of it changes: what comes late is booked in the next one.

    The sums are those of its entries, above zero each; `closing_fen` is what they leave.
    """

    reference = models.CharField("编号", max_length=16, unique=True, default=new_reference)
    gateway = models.CharField("支付平台", max_length=10, choices=GatewayName)
    month = models.DateField("月份", help_text="这个月的第一天")
    opening_fen = models.BigIntegerField("期初（分）")
    paid_fen = models.BigIntegerField("收款（分）")
    refunded_fen = models.BigIntegerField("退款（分）")
    settled_fen = models.BigIntegerField("另外退还（分）")
    fee_fen = models.BigIntegerField("服务费（分）")
    closing_fen = models.BigIntegerField("期末（分）")
    open_differences = models.PositiveIntegerField("结账时还没有办结的不符")
    closed_at = models.DateTimeField("结账时间")
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="结账人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "月结"
        constraints = [
            models.UniqueConstraint(
                fields=["gateway", "month"],
                name="a_month_is_closed_once",
                violation_error_message="这个月已经结过账。",
            ),
            models.CheckConstraint(
                condition=Q(
                    closing_fen=F("opening_fen")
                    + F("paid_fen")
                    - F("refunded_fen")
                    - F("settled_fen")
                    - F("fee_fen")
                ),
                name="a_closed_month_adds_up",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="a_month_begins_on_its_first"),
        ]

    def __str__(self):
        return f"月结 #{self.pk}"

    @property
    def sums(self):
        """Its columns as `booking.sums` gives them of a month that is open."""
        return {name: getattr(self, name) for name in SUMS}


class BookedEntry(models.Model):
    """One payment, refund or fee in a closed month. `is_late`: it is of an earlier one."""

    month = models.ForeignKey(
        ClosedMonth, models.PROTECT, related_name="entries", verbose_name="月结"
    )
    kind = models.CharField("种类", max_length=8, choices=EntryKind)
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="支付订单"
    )
    line = models.ForeignKey(
        BillLine, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="账单明细"
    )
    amount_fen = models.IntegerField("金额（分）")
    happened_at = models.DateTimeField("发生时间")
    is_late = models.BooleanField("属于以前的月份", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "入账"
        constraints = [
            models.UniqueConstraint(fields=["payment", "kind"], name="a_payment_is_booked_once"),
            models.UniqueConstraint(fields=["line"], name="a_fee_is_booked_once"),
            models.CheckConstraint(
                condition=Q(kind=EntryKind.FEE, line__isnull=False, payment__isnull=True)
                | (~Q(kind=EntryKind.FEE) & Q(line__isnull=True, payment__isnull=False)),
                name="an_entry_is_of_a_payment_or_a_fee",
            ),
        ]

    def __str__(self):
        return f"入账 #{self.pk}"

    @property
    def order_number(self):
        """The number of our order. Select `payment` and `line` along."""
        source: Any = self.payment or self.line
        return source.reference if self.payment else source.order_number

    @property
    def trade_number(self):
        """The number of the trade at the gateway."""
        source: Any = self.payment or self.line
        return source.trade_number
