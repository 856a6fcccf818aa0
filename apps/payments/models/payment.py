"""Payments: one order at one gateway."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from apps.cards.lifecycle import RECALLABLE
from apps.cards.models import CardRequest
from apps.common.addresses import row_url
from apps.common.moments import end_of
from apps.common.money import yuan
from apps.common.references import new_reference
from apps.common.templatetags.formats import day, moment
from apps.gateways.port import trouble_words
from apps.lifecycle.models import Living
from apps.payments.enums import (
    ASKED_ABOUT,
    GOING_BACK,
    LIVE,
    RECEIVED,
    RUNNING,
    SENT_BACK,
    WAITING,
    DiscrepancyKind,
    GatewayName,
    PaymentStatus,
)
from apps.payments.lifecycle import PAYMENT
from apps.payments.models.payments import PaymentQuerySet
from apps.payments.refunds import arrival_date, reason_of
from apps.payments.status_words import LATE_REFUND, REFUND_AHEAD, SETTLED_BY_HAND, SHOWN
from apps.requests.policies import settled_after


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
    refund_began_at = models.DateTimeField("退款开始时间", null=True, blank=True)
    refunded_at = models.DateTimeField("退款时间", null=True, blank=True)
    refund_reason = models.CharField("退款原因", max_length=200, blank=True)
    settlement = models.CharField(
        "怎样退还的", max_length=200, blank=True, help_text="人事处另外退还时填写，申请人也能看到"
    )
    next_check_at = models.DateTimeField(
        "下次询问支付平台的时间", null=True, blank=True, help_text="不用再问时为空"
    )
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
                condition=(
                    Q(status__in=GOING_BACK, refund_began_at__isnull=False) & ~Q(refund_reason="")
                )
                | (~Q(status__in=GOING_BACK) & Q(refund_began_at__isnull=True, refund_reason="")),
                name="refund_has_its_beginning_and_reason",
                violation_error_message="退款的订单必须有开始时间和原因，其他订单不能有。",
            ),
            models.CheckConstraint(
                condition=Q(settlement="") | Q(status=PaymentStatus.REFUNDED),
                name="only_a_refunded_payment_is_settled",
                violation_error_message="只有已退款的订单才写怎样退还。",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=LIVE) | Q(next_check_at__isnull=False),
                name="live_payment_is_asked_about",
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
            # PaymentQuerySet.to_ask_about, to_ask_about_paid, to_send_back: the worker's sweeps.
            models.Index(
                fields=["next_check_at"],
                condition=Q(status__in=ASKED_ABOUT, next_check_at__isnull=False),
                name="payment_next_check",
            ),
            # finance.narrowing: 全部款项 of one status, of one gateway, of an amount, of a trade.
            models.Index(fields=["status", "id"], name="payment_in_status"),
            models.Index(fields=["gateway", "id"], name="payment_of_gateway"),
            models.Index(fields=["amount_fen", "id"], name="payment_of_amount"),
            models.Index(
                fields=["trade_number"], condition=~Q(trade_number=""), name="payment_of_trade"
            ),
            # finance.narrowing: 全部款项 of certain days, page by page in the order of the moment.
            models.Index(fields=["created_at", "id"], name="payment_ordered_at"),
            models.Index(
                fields=["paid_at", "id"],
                condition=Q(paid_at__isnull=False),
                name="payment_paid_at",
            ),
            models.Index(
                fields=["refunded_at", "id"],
                condition=Q(refunded_at__isnull=False),
                name="payment_refunded_at",
            ),
        ]

    def __str__(self):
        return f"支付订单 #{self.pk}"

    def get_absolute_url(self):
        return row_url("payments:detail", self.reference)

    @property
    def tone(self):
        """The colour of the tag of its status."""
        return PaymentStatus(self.status).tone

    def shown_at(self, at):
        """The words for the payer about its status at the moment `at`. Select `card_request` along.

        After the day on which a refund should have arrived they no longer promise that day.
        """
        status = PaymentStatus.REFUNDING if self.is_owed_back else PaymentStatus(self.status)
        words = SETTLED_BY_HAND if self.settlement else SHOWN[status]
        if self.is_owed_back and at < self.goes_back_from:
            words = REFUND_AHEAD
        if self.is_on_its_way_back and end_of(self.arrives_date) <= at:
            words = LATE_REFUND
        return words.of(**self.words)

    @property
    def words(self):
        """What the texts of `status_words` name. Select `card_request` along."""
        return {
            "amount": self._amount_in_words(),
            "reason": self.refund_reason or reason_of(self.card_request),
            "begins": moment(self.goes_back_from),
            "arrives": day(self.arrives_date),
            "refunded": moment(self.refunded_at),
            "settlement": self.settlement.rstrip("。"),
            "operator": settings.PORTAL_OPERATOR["contact"],
            "afterwards": self._afterwards(),
        }

    @property
    def told_fen(self):
        """What its words are about: the amount, or the rest of it while that is to go back."""
        is_of_rest = self.status in SENT_BACK or self.is_owed_back or self.settlement
        return self.rest_fen if is_of_rest else self.amount_fen

    def _amount_in_words(self):
        """The amount, or the rest of it where the gateway has sent back a part before."""
        if self.told_fen != self.amount_fen:
            return f"{yuan(self.amount_fen)} 元中其余的 {yuan(self.told_fen)}"
        return yuan(self.amount_fen)

    @property
    def rest_fen(self):
        """What is left of the amount after the parts that the gateway has sent back by itself.

        Prefetch `discrepancies` for many; `is_differing` False says that there are none.
        """
        if not getattr(self, "is_differing", True):
            return self.amount_fen
        parts = (
            row.amount_fen
            for row in self.discrepancies.all()
            if row.kind == DiscrepancyKind.PARTLY_REFUNDED
        )
        return self.amount_fen - max(parts, default=0)

    def _afterwards(self):
        """What became of the request that was paid, also for who opens the page much later."""
        if self.card_request.awaits_acceptance:
            return "申请马上受理，您不用再做什么。"
        return f"这件申请现在是「{self.card_request.get_status_display()}」。"

    @property
    def trouble(self):
        """Why the last call of the gateway failed, for the desk; "" if it did not."""
        return trouble_words(self.last_error)

    @property
    def is_owed_back(self):
        """Whether it is paid, although its request ended without a card."""
        return self.is_paid and self.card_request.ended_without_card

    @property
    def goes_back_from(self):
        """When money that is owed begins to go back: the end of its request is final; else None."""
        if not self.is_owed_back:
            return None
        wait = settled_after() if self.card_request.status in RECALLABLE else timedelta(0)
        return self.card_request.status_since + wait

    @property
    def is_going_back(self):
        """Whether the money goes back, or has gone, or is owed."""
        return self.status in GOING_BACK or self.is_owed_back

    @property
    def is_on_its_way_back(self):
        """Whether the money is expected at its payer by `arrives_date`."""
        return self.status == PaymentStatus.REFUNDING or self.is_owed_back

    @property
    def is_not_back_yet(self):
        """Whether its refund has begun and not arrived."""
        return self.status in SENT_BACK

    @property
    def arrives_date(self):
        """The day on which money that goes back arrives at the latest; else None."""
        began_at = self.refund_began_at or self.goes_back_from
        return arrival_date(began_at) if began_at else None

    @property
    def is_waiting(self):
        """Whether a result is expected."""
        return self.status in WAITING

    @property
    def is_running(self):
        return self.status in RUNNING

    @property
    def is_paid(self):
        """Whether its money pays for the request."""
        return self.status == PaymentStatus.PAID

    def is_watched_at(self, at):
        """Whether the gateway is asked again after the moment `at` about this paid order.

        So it is until some time after its request has ended. Select `card_request` along.
        """
        card_request = self.card_request
        is_over = card_request.status_since + settings.PAID_ORDER_WATCHED <= at
        return not (card_request.is_final and is_over)

    @property
    def is_received(self):
        """Whether the money arrived, wherever it went afterwards."""
        return self.status in RECEIVED
