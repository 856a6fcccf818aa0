"""Payments, and every notification that arrived, genuine or not."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, When
from django.urls import reverse

from apps.cards.enums import REQUEST_ENDED_WITHOUT_CARD, RequestStatus
from apps.cards.models import CardRequest
from apps.common.money import yuan
from apps.common.references import new_reference
from apps.lifecycle.models import Living, LivingQuerySet
from apps.payments.enums import (
    RECEIVED,
    RUNNING,
    WAITING,
    GatewayName,
    NotificationOutcome,
    PaymentStatus,
)
from apps.payments.lifecycle import PAYMENT
from apps.payments.status_words import SHOWN

# How long a refund may take before somebody is told to look after it.
REFUND_PATIENCE = timedelta(days=1)
LIVE = (*RUNNING, PaymentStatus.REFUNDING)


class PaymentQuerySet(LivingQuerySet):
    def visible_to(self, user, *, at):
        """Those of the requests that the user may see at the moment `at`."""
        return self.filter(card_request__in=CardRequest.objects.visible_to(user, at=at))

    def running(self):
        return self.filter(status__in=RUNNING)

    def to_ask_about(self, at):
        """Running payments for which the next question to the gateway is due, the oldest first."""
        return self.running().filter(next_check_at__lte=at).order_by("next_check_at")

    def to_send_back(self, at):
        """Refunds that are due to be sent, the oldest first."""
        refunding = self.filter(status=PaymentStatus.REFUNDING, next_check_at__lte=at)
        return refunding.order_by("next_check_at")

    def owed_back(self):
        """Paid payments whose request ended without a card."""
        return self.filter(
            status=PaymentStatus.PAID, card_request__status__in=REQUEST_ENDED_WITHOUT_CARD
        )

    def refunds_in_trouble(self, at):
        """Refunds that need a person: the last try failed, or a day has passed.

        Annotates `owed_since`: when the refund began, or the request ended without one.
        """
        owed = Q(status=PaymentStatus.REFUNDING) | Q(
            status=PaymentStatus.PAID, card_request__status__in=REQUEST_ENDED_WITHOUT_CARD
        )
        failed = Q(status=PaymentStatus.REFUNDING) & ~Q(last_error="")
        return self.annotate(
            owed_since=Case(
                When(status=PaymentStatus.REFUNDING, then=F("status_since")),
                default=F("card_request__status_since"),
            )
        ).filter(owed, failed | Q(owed_since__lte=at - REFUND_PATIENCE))

    def pointless(self):
        """Running payments whose request no longer waits for a payment."""
        return self.running().exclude(card_request__status=RequestStatus.SUBMITTED)


class Payment(Living):
    """One order at one gateway. The `reference` is the order number that the gateway knows."""

    lifecycle = PAYMENT

    reference = models.CharField("订单号", max_length=16, unique=True, default=new_reference)
    card_request = models.ForeignKey(
        CardRequest, models.PROTECT, related_name="payments", verbose_name="申请"
    )
    gateway = models.CharField("支付平台", max_length=10, choices=GatewayName)
    subject = models.CharField("订单名称", max_length=60)
    amount_fen = models.PositiveIntegerField("金额（分）")
    status = models.CharField("状态", max_length=10, choices=PaymentStatus)
    created_at = models.DateTimeField("下单时间")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="下单人"
    )
    expires_at = models.DateTimeField("支付截止时间", help_text="过后支付平台不再收款")
    trade_number = models.CharField("支付平台交易号", max_length=64, blank=True)
    paid_at = models.DateTimeField("支付时间", null=True, blank=True)
    refunded_at = models.DateTimeField("退款时间", null=True, blank=True)
    refund_reason = models.CharField("退款原因", max_length=200, blank=True)
    next_check_at = models.DateTimeField("下次询问支付平台的时间")
    last_checked_at = models.DateTimeField("上次询问支付平台的时间", null=True, blank=True)
    check_count = models.PositiveIntegerField("询问次数", default=0)
    last_error = models.CharField("上次询问的错误", max_length=200, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "支付订单"
        constraints = [
            models.UniqueConstraint(
                fields=["card_request"],
                condition=Q(status__in=RUNNING),
                name="one_running_payment_per_request",
                violation_error_message="这件申请已有一个待支付的订单。",
            ),
            models.UniqueConstraint(
                fields=["card_request"],
                condition=Q(status=PaymentStatus.PAID),
                name="one_paid_payment_per_request",
                violation_error_message="这件申请已经支付成功。",
            ),
            models.UniqueConstraint(
                fields=["gateway", "trade_number"],
                condition=~Q(trade_number=""),
                name="one_payment_per_trade_of_a_gateway",
                violation_error_message="这个支付平台交易号已属于另一个订单。",
            ),
            PAYMENT.constraint(),
            models.CheckConstraint(
                condition=(Q(status__in=RECEIVED, paid_at__isnull=False) & ~Q(trade_number=""))
                | (~Q(status__in=RECEIVED) & Q(paid_at__isnull=True, trade_number="")),
                name="received_payment_has_time_and_trade",
                violation_error_message="已支付的订单必须有支付时间和交易号，未支付的不能有。",
            ),
            models.CheckConstraint(
                condition=Q(status=PaymentStatus.REFUNDED, refunded_at__isnull=False)
                | (~Q(status=PaymentStatus.REFUNDED) & Q(refunded_at__isnull=True)),
                name="refunded_payment_has_its_time",
                violation_error_message="已退款的订单必须有退款时间，其他状态不能有。",
            ),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0),
                name="payment_has_an_amount",
                violation_error_message="支付金额必须大于 0。",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="payment_ends_after_it_begins"
            ),
        ]
        indexes = [
            # PaymentQuerySet.to_ask_about and to_send_back: the sweeps of the worker.
            models.Index(
                fields=["next_check_at"],
                condition=Q(status__in=LIVE),
                name="payment_next_check",
            ),
        ]

    def __str__(self):
        return f"支付订单 #{self.pk}"

    def get_absolute_url(self):
        return reverse("payments:detail", args=[self.reference])

    @property
    def tone(self):
        """The colour of the tag of its status."""
        return PaymentStatus(self.status).tone

    @property
    def shown(self):
        """The words for the payer about its status."""
        shown = SHOWN[PaymentStatus(self.status)]
        return shown.of(amount=yuan(self.amount_fen), reason=self.refund_reason)

    @property
    def is_waiting(self):
        """Whether a result is expected."""
        return self.status in WAITING

    @property
    def is_running(self):
        return self.status in RUNNING

    @property
    def is_received(self):
        """Whether the money arrived, wherever it went afterwards."""
        return self.status in RECEIVED


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
    is_verified = models.BooleanField("验签通过")
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
