"""Money that the gateway reports and that matches no order of ours."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, Max, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from apps.common.addresses import row_url
from apps.common.money import yuan
from apps.common.references import new_reference
from apps.lifecycle.models import Living, LivingQuerySet
from apps.payments.enums import (
    BY_BILL,
    UP_TO_THEN,
    DiscrepancyKind,
    DiscrepancyStatus,
    GatewayName,
    PaymentStatus,
)
from apps.payments.lifecycle import DISCREPANCY
from apps.payments.models.payment import Payment
from apps.payments.status_words import DISCREPANCIES
from apps.people.models import Holder, seen_by


class DiscrepancyQuerySet(LivingQuerySet):
    def visible_to(self, user, *, at):
        """Those about requests that the user may see at the moment `at`."""
        return self.filter(seen_by(user, at=at, person="holder"))

    def told(self):
        """Those that the payer reads about."""
        return self.filter(holder__isnull=False)

    def open(self):
        return self.filter(status=DiscrepancyStatus.OPEN)

    def settled(self):
        return self.filter(status=DiscrepancyStatus.SETTLED)

    def without_later(self):
        """Those of which the gateway has reported nothing since: `later` is "".

        A later report names the money of an earlier one again.
        """
        more = Discrepancy.objects.filter(
            payment=OuterRef("payment"),
            kind=OuterRef("kind"),
            amount_fen__gt=OuterRef("amount_fen"),
        )
        is_all = Q(payment__status=PaymentStatus.REFUNDED, payment__settlement="")
        return self.exclude(Exists(more), kind__in=UP_TO_THEN).exclude(
            is_all, kind=DiscrepancyKind.PARTLY_REFUNDED
        )


class Discrepancy(Living):
    """In what a verified report of a gateway, or its daily bill, and our orders differ.

    A person compares both and closes it with a reason. The portal moves no money for it.
    """

    lifecycle = DISCREPANCY

    reference = models.CharField("编号", max_length=16, unique=True, default=new_reference)
    kind = models.CharField("种类", max_length=16, choices=DiscrepancyKind)
    payment = models.ForeignKey(
        Payment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="discrepancies",
        verbose_name="支付订单",
    )
    holder = models.ForeignKey(
        Holder, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="持卡人"
    )
    gateway = models.CharField("支付平台", max_length=10, choices=GatewayName)
    order_number = models.CharField("所称订单号", max_length=64, blank=True)
    trade_number = models.CharField("支付平台交易号", max_length=64, blank=True)
    amount_fen = models.PositiveIntegerField("金额（分）")
    status = models.CharField("状态", max_length=10, choices=DiscrepancyStatus)
    bill_day = models.DateField(
        "账单日期",
        null=True,
        blank=True,
        help_text="与日账单核对时发现的，是哪一天的账单",
    )
    found_at = models.DateTimeField("发现时间")
    settlement = models.CharField("怎样办结的", max_length=200, blank=True)
    settled_at = models.DateTimeField("办结时间", null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="办结人",
    )

    objects = DiscrepancyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "款项不符"
        constraints = [
            DISCREPANCY.constraint(),
            # A gateway repeats its reports: each is one row.
            models.UniqueConstraint(
                fields=["gateway", "kind", "order_number", "trade_number", "amount_fen"],
                name="one_discrepancy_per_report",
                violation_error_message="这笔到账已经记下。",
            ),
            models.CheckConstraint(
                condition=(
                    Q(
                        status=DiscrepancyStatus.SETTLED,
                        settled_at__isnull=False,
                        settled_by__isnull=False,
                    )
                    & ~Q(settlement="")
                )
                | (
                    ~Q(status=DiscrepancyStatus.SETTLED)
                    & Q(settled_at__isnull=True, settled_by__isnull=True, settlement="")
                ),
                name="settled_discrepancy_has_time_person_and_reason",
                violation_error_message="办结必须有时间、办结人和说明。",
            ),
            # What the bill shows is between the unit and the gateway: no payer is told.
            models.CheckConstraint(
                condition=Q(kind__in=BY_BILL, holder__isnull=True)
                | (~Q(kind__in=BY_BILL) & Q(payment__isnull=False, holder__isnull=False))
                | (~Q(kind__in=BY_BILL) & Q(payment__isnull=True, holder__isnull=True)),
                name="discrepancy_of_an_order_has_its_holder",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=BY_BILL, bill_day__isnull=False)
                | (~Q(kind__in=BY_BILL) & Q(bill_day__isnull=True)),
                name="discrepancy_by_a_bill_has_its_day",
            ),
        ]

    def __str__(self):
        return f"款项不符 #{self.pk}"

    def get_absolute_url(self):
        """The page of the order for the payer; "" if no payer reads about it."""
        return row_url("payments:detail", self.payment.reference) if self.holder_id else ""  # type: ignore[union-attr]

    @property
    def tone(self):
        """The colour of the tag of its status."""
        return DiscrepancyStatus(self.status).tone

    @property
    def later(self):
        """What the gateway has reported since, in words; "" if this is the last that it said.

        Select `payment` along, and prefetch its `discrepancies` for many.
        """
        payment = self.payment
        if payment is None or self.kind not in UP_TO_THEN:
            return ""
        same = (row for row in payment.discrepancies.all() if row.kind == self.kind)
        most = max((row.amount_fen for row in same), default=0)
        is_all = payment.status == PaymentStatus.REFUNDED and not payment.settlement
        if self.kind == DiscrepancyKind.PARTLY_REFUNDED and is_all:
            return f"后来已全部退回，共 {yuan(payment.amount_fen)} 元"
        return f"后来共退回 {yuan(most)} 元" if most > self.amount_fen else ""

    @property
    def is_told(self):
        """Whether the payer reads it among what is under way."""
        return self.holder_id is not None and (self.settled_at is not None or not self.later)

    @property
    def told(self):
        """The sentences for the payer."""
        return DISCREPANCIES[DiscrepancyKind(self.kind)].told(
            amount=yuan(self.amount_fen),
            trade_number=self.trade_number,
            settlement=self.settlement,
            later=self.later,
            operator=settings.PORTAL_OPERATOR["contact"],
        )


def rest_fen():
    """`Payment.rest_fen` as an expression of the database."""
    parts = Discrepancy.objects.filter(payment=OuterRef("pk"), kind=DiscrepancyKind.PARTLY_REFUNDED)
    most = parts.order_by().values("payment").annotate(most=Max("amount_fen")).values("most")
    return F("amount_fen") - Coalesce(Subquery(most), 0)


def sum_of_rests():
    """What of some payments is still to go back, added up."""
    return Sum(rest_fen())


def sum_of_discrepancies():
    """The money of some discrepancies, added up: each sum of money once."""
    return Sum("amount_fen", filter=Q(pk__in=Discrepancy.objects.without_later()))
