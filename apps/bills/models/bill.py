"""The gateway's bill of a day, as rows."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Count, Q, Sum

from apps.bills.enums import BillStatus, LineKind, LineResult
from apps.bills.lifecycle import BILL
from apps.common import leases
from apps.common.moments import day_of
from apps.common.references import new_reference
from apps.lifecycle.models import Living, LivingQuerySet
from apps.payments.enums import GatewayName

# When Alipay has made the bill of the day before.
READY_AFTER = timedelta(hours=9, minutes=30)
# A worker that fetches a bill holds it for this long.
LEASE = timedelta(minutes=10)
FIRST_PAUSE = timedelta(minutes=10)
LONGEST_PAUSE = timedelta(hours=4)
# How long a bill can have to wait after each of its tries.
PAUSES = (
    READY_AFTER,
    *(
        max(LEASE, leases.growing_pause(tries, first=FIRST_PAUSE, longest=LONGEST_PAUSE))
        for tries in range(1, 7)
    ),
)
# Days after the day of a bill, from which on somebody has to look why it is not there.
PATIENCE_DAYS = 2


class BillQuerySet(LivingQuerySet):
    def waiting(self):
        return self.filter(status=BillStatus.WAITING)

    def due(self, at):
        """Those to fetch at the moment `at`, the oldest day first."""
        due = leases.due(at, pauses=PAUSES)
        return self.waiting().filter(due).order_by("day", "pk")

    def missing(self, at):
        """Those that should long have been there."""
        return self.waiting().filter(day__lte=day_of(at) - timedelta(days=PATIENCE_DAYS))


class DailyBill(Living):
    """What one gateway lists of one day: fetched, or brought by hand, and compared at once.

    It waits until it is taken, as a whole. `digest` is the SHA-256 of the file.
    """

    lifecycle = BILL

    reference = models.CharField("编号", max_length=16, unique=True, default=new_reference)
    gateway = models.CharField("支付平台", max_length=10, choices=GatewayName)
    day = models.DateField("账单日期")
    status = models.CharField("状态", max_length=10, choices=BillStatus)
    next_try_at = models.DateTimeField("下次去取的时间", null=True, blank=True)
    tries = models.PositiveIntegerField("已取次数", default=0)
    last_error = models.CharField("上次没有取到的原因", max_length=200, blank=True)
    digest = models.CharField("文件校验和", max_length=64, blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="上传人",
        help_text="自动取到的为空",
    )

    objects = BillQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "日账单"
        constraints = [
            BILL.constraint(),
            models.UniqueConstraint(
                fields=["gateway", "day"],
                name="one_bill_per_gateway_and_day",
                violation_error_message="这一天的账单已经有了。",
            ),
            models.CheckConstraint(
                condition=Q(status=BillStatus.WAITING, next_try_at__isnull=False, digest="")
                | Q(status=BillStatus.EMPTY, next_try_at__isnull=True, digest="")
                | (Q(status=BillStatus.COMPARED, next_try_at__isnull=True) & ~Q(digest="")),
                name="bill_has_what_its_status_says",
            ),
        ]
        indexes = [
            # BillQuerySet.due: what the worker has to fetch.
            models.Index(
                fields=["next_try_at"], condition=Q(status=BillStatus.WAITING), name="bill_to_fetch"
            ),
        ]

    def __str__(self):
        return f"{self.get_gateway_display()} {self.day} 的账单"

    @property
    def tone(self):
        """The colour of the tag of its status."""
        return BillStatus(self.status).tone

    @property
    def is_waiting(self):
        return self.status == BillStatus.WAITING

    @property
    def is_compared(self):
        return self.status == BillStatus.COMPARED

    @property
    def is_empty(self):
        """Whether nothing was traded on its day."""
        return self.status == BillStatus.EMPTY


class BillLineQuerySet(models.QuerySet):
    def sums(self):
        """{paid_count, paid_fen, refund_count, refund_fen, fee_fen, differing} of these lines.

        `fee_fen` is what was charged.
        """
        paid, refunds = Q(kind=LineKind.TRADE), Q(kind=LineKind.REFUND)
        found = self.aggregate(
            paid_count=Count("pk", filter=paid),
            paid_fen=Sum("amount_fen", filter=paid, default=0),
            refund_count=Count("pk", filter=refunds),
            refund_fen=Sum("amount_fen", filter=refunds, default=0),
            fee_fen=Sum("fee_fen", default=0),
            differing=Count("pk", filter=~Q(result=LineResult.MATCHED)),
        )
        return found | {"fee_fen": -found["fee_fen"]}


class BillLine(models.Model):
    """One trade or refund of a bill. The file names payers; we keep nothing of that."""

    bill = models.ForeignKey(DailyBill, models.PROTECT, related_name="lines", verbose_name="日账单")
    number = models.PositiveIntegerField("行")
    kind = models.CharField("业务类型", max_length=8, choices=LineKind)
    gateway = models.CharField("支付平台", max_length=10, choices=GatewayName)
    trade_number = models.CharField("支付平台交易号", max_length=64)
    order_number = models.CharField("商户订单号", max_length=64)
    request_number = models.CharField("退款请求号", max_length=64, blank=True)
    amount_fen = models.PositiveIntegerField("金额（分）")
    fee_fen = models.IntegerField("服务费（分）", help_text="支付平台收取的是负数")
    finished_at = models.DateTimeField("完成时间")
    result = models.CharField("核对结果", max_length=8, choices=LineResult)

    objects = BillLineQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "账单明细"
        constraints = [
            # Also the index by which a payment finds its lines.
            models.UniqueConstraint(
                fields=["gateway", "trade_number", "kind", "request_number"],
                name="one_bill_line_per_trade_and_refund",
            ),
            models.UniqueConstraint(fields=["bill", "number"], name="one_bill_line_per_number"),
        ]

    def __str__(self):
        return f"账单明细 #{self.pk}"

    @property
    def tone(self):
        """The colour of the tag of its result."""
        return LineResult(self.result).tone
