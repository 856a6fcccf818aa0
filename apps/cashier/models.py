"""The rows of the sandbox cashier. No row of the portal points to them."""

from datetime import timedelta
from urllib.parse import urljoin, urlsplit, urlunsplit

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.cashier.enums import TradeStatus
from apps.common import leases
from apps.common.references import new_reference


def path_of(url):
    """An address of the portal without its host: the portal may have moved to another one since."""
    return urlunsplit(urlsplit(url)._replace(scheme="", netloc=""))


class SandboxTrade(models.Model):
    """An order as in the first signed link, and what the payer did."""

    token = models.CharField("收银台编号", max_length=16, unique=True, default=new_reference)
    trade_number = models.CharField("交易号", max_length=28, unique=True)
    app_id = models.CharField("应用编号", max_length=32)
    order_number = models.CharField("商户订单号", max_length=64)
    amount_fen = models.PositiveIntegerField("金额（分）")
    subject = models.CharField("订单名称", max_length=256)
    notify_url = models.URLField("通知地址", max_length=256)
    return_url = models.URLField("返回地址", max_length=256)
    quit_url = models.URLField("放弃时的返回地址", max_length=256, blank=True)
    trade_status = models.CharField("交易状态", max_length=20, choices=TradeStatus)
    created_at = models.DateTimeField("下单时间")
    expires_at = models.DateTimeField("收款截止时间", null=True, blank=True)
    paid_at = models.DateTimeField("付款时间", null=True, blank=True)
    refuses_refund = models.BooleanField("拒绝退款", default=False, help_text="演示用")
    refunded_fen = models.PositiveIntegerField("已退一部分（分）", default=0)
    refund_number = models.CharField("退款请求号", max_length=64, blank=True)
    refunded_at = models.DateTimeField("退款时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "模拟收银台交易"
        constraints = [
            models.UniqueConstraint(
                fields=["app_id", "order_number"], name="one_sandbox_trade_per_order"
            ),
            models.CheckConstraint(
                condition=Q(refund_number="", refunded_at__isnull=True)
                | (~Q(refund_number="") & Q(refunded_at__isnull=False, paid_at__isnull=False)),
                name="sandbox_refund_has_number_and_time",
            ),
        ]

    def __str__(self):
        return f"模拟收银台交易 #{self.pk}"

    @property
    def portal_notify_url(self):
        """Where the portal listens for its notifications now."""
        return urljoin(settings.PORTAL_URL, path_of(self.notify_url))

    @property
    def last_try(self):
        """The sentence about a failed try to pay; "" before any."""
        return TradeStatus(self.trade_status).last_try

    @property
    def why_over(self):
        """Why it cannot be paid any more."""
        return TradeStatus(self.trade_status).why_over


# How long a notification can wait before its first try (the longest that the cashier offers), and
# after each one.
FIRST_PAUSE = timedelta(minutes=1)
RETRY_AFTER = [timedelta(seconds=n) for n in (5, 15, 60, 300, 900, 3600, 7200, 21600)]


class SandboxNoticeQuerySet(models.QuerySet):
    def due(self, at):
        pauses = (FIRST_PAUSE, *RETRY_AFTER)
        waiting = self.filter(leases.due(at, pauses=pauses), delivered_at=None)
        return waiting.order_by("next_try_at", "pk")


class SandboxNotice(models.Model):
    """A notification to deliver. It is signed when it is sent, so that the key may change."""

    trade = models.ForeignKey(
        SandboxTrade, models.CASCADE, related_name="notices", verbose_name="交易"
    )
    fields = models.JSONField("内容")
    tries = models.PositiveSmallIntegerField("已发次数", default=0)
    next_try_at = models.DateTimeField("下次发送时间", null=True, blank=True)
    delivered_at = models.DateTimeField("送达时间", null=True, blank=True)
    last_error = models.CharField("上次错误", max_length=100, blank=True)

    objects = SandboxNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "模拟收银台通知"
        indexes = [
            # SandboxNoticeQuerySet.due: what the worker delivers next.
            models.Index(
                fields=["next_try_at"],
                condition=Q(delivered_at__isnull=True),
                name="sandbox_notice_due",
            ),
        ]

    def __str__(self):
        return f"模拟收银台通知 #{self.pk}"
