"""Every notification that arrived, genuine or not."""

from django.db import models
from django.db.models import Q

from apps.payments.enums import GatewayName, NotificationOutcome
from apps.payments.models.payment import Payment


class PaymentNotification(models.Model):
    """One call of our notification address. Every call is kept, also a refused one.

    The body may hold data of the payer's account, so only its digest and the fields that name the
    order are kept.
    """

    payment = models.ForeignKey(
        Payment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="notifications",
        verbose_name="支付订单",
    )
    gateway = models.CharField("支付平台", max_length=10, choices=GatewayName)
    digest = models.CharField("内容摘要", max_length=64, help_text="SHA-256，十六进制")
    order_number = models.CharField("所称订单号", max_length=64, blank=True)
    trade_status = models.CharField("所称交易状态", max_length=32, blank=True)
    amount = models.CharField("所称金额（元）", max_length=16, blank=True)
    is_verified = models.BooleanField(
        "来源已核实", help_text="签名是支付平台的，并且是发给本单位的"
    )
    outcome = models.CharField("处理结果", max_length=16, choices=NotificationOutcome)
    received_at = models.DateTimeField("收到时间")

    class Meta:
        verbose_name = verbose_name_plural = "支付通知"
        constraints = [
            models.CheckConstraint(
                condition=Q(is_verified=True)
                | Q(payment__isnull=True, outcome=NotificationOutcome.FORGED),
                name="unverified_notification_names_no_payment",
            )
        ]

    def __str__(self):
        return f"支付通知 #{self.pk}"
