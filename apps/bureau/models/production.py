"""What goes to the card bureau and what comes back; each row is an entry of a queue."""

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When

from apps.bureau.enums import NOT_SENT, BatchStatus, OrderStatus
from apps.bureau.lifecycle import BATCH, ORDER
from apps.bureau.port import MAIN
from apps.cards.models.card_request import CardRequest
from apps.common.references import new_reference
from apps.lifecycle.models import Living, LivingQuerySet


class BatchState(models.TextChoices):
    """How far a batch is. Computed from its rows and not stored."""

    WAITING = "waiting", "待送出"
    FAILING = "failing", "送出失败"
    WITH_BUREAU = "with_bureau", "制卡中心办理中"
    PARTLY = "partly", "部分已回报"
    DONE = "done", "已办完"
    EMPTY = "empty", "全部搁置"


class ProductionBatchQuerySet(LivingQuerySet):
    def to_submit(self):
        return self.filter(status=BatchStatus.WAITING)

    def in_state(self, state):
        """Those in a `BatchState`. A batch is done when all its cards are made and sent."""
        orders = ProductionOrder.objects.filter(batch=OuterRef("pk"))
        unfinished, reported = Exists(orders.unfinished()), Exists(orders.reported())
        match state:
            case BatchState.WAITING:
                return self.to_submit().filter(last_error="")
            case BatchState.FAILING:
                return self.to_submit().exclude(last_error="")
            case BatchState.EMPTY:
                return self.filter(status=BatchStatus.EMPTY)
            case BatchState.DONE:
                return self.filter(~unfinished, status=BatchStatus.SUBMITTED)
        return self.filter(
            unfinished,
            reported if state == BatchState.PARTLY else ~reported,
            status=BatchStatus.SUBMITTED,
        )


class ProductionBatch(Living):
    """Orders that are sent to the bureau together. Sending is tried again after a failure."""

    lifecycle = BATCH

    reference = models.CharField("批次号", max_length=16, unique=True, default=new_reference)
    bureau = models.CharField(
        "制卡中心", max_length=20, default=MAIN, help_text="建立时定下，以后不变"
    )
    created_at = models.DateTimeField("建立时间")
    status = models.CharField("状态", max_length=10, choices=BatchStatus)
    next_try_at = models.DateTimeField("下次送出时间")
    tries = models.PositiveIntegerField("送出次数", default=0, help_text="没有送出去的也算")
    last_error = models.TextField("上次失败原因", blank=True)

    objects = ProductionBatchQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "制卡批次"
        constraints = [BATCH.constraint()]
        indexes = [
            # production.submit_batches: the batches that still have to leave.
            models.Index(
                fields=["next_try_at"],
                condition=Q(status=BatchStatus.WAITING),
                name="batch_to_submit",
            ),
            # bureau_desk.lists: the batches by the time when they were made.
            models.Index(fields=["created_at", "id"], name="batch_by_time"),
        ]

    def __str__(self):
        return f"制卡批次 {self.reference}"

    @property
    def further_bureau(self):
        """The name of the bureau that makes these cards; empty for the main one."""
        return "" if self.bureau == MAIN else self.bureau

    @property
    def submitted_at(self):
        """When it was sent to the bureau; None while it waits."""
        return self.status_since if self.status == BatchStatus.SUBMITTED else None


# From an order in one of these no card comes any more.
OVER = (OrderStatus.FAILED, OrderStatus.RELEASED)


class ProductionOrderQuerySet(LivingQuerySet):
    def live(self):
        """Those from which a card may still come. A request has at most one."""
        return self.exclude(status__in=OVER)

    def to_send(self):
        """Those that go to the bureau with their batch."""
        return self.filter(status=OrderStatus.OPEN)

    def readdressed(self):
        """Those at the bureau whose address was changed after their batch had left.

        A batch that was tried again may have left with the first try, whose worker was killed
        before it could say so: then every change since the batch was made counts.
        """
        read_at = Case(
            When(batch__tries__gt=1, then=F("batch__created_at")), default=F("batch__status_since")
        )
        return self.unfinished().filter(
            batch__status=BatchStatus.SUBMITTED, card_request__shipment__saved_at__gt=read_at
        )

    def held(self):
        """Those that somebody has to mend."""
        return self.filter(status=OrderStatus.HELD)

    def unfinished(self):
        """Those whose card the bureau still has to make or send."""
        return self.filter(status__in=(OrderStatus.OPEN, OrderStatus.MADE))

    def reported(self):
        """Those with a report of the bureau."""
        return self.filter(status__in=(OrderStatus.MADE, OrderStatus.SENT, OrderStatus.FAILED))


class ProductionOrder(Living):
    """One card to be made; a request that failed gets a new order."""

    lifecycle = ORDER

    reference = models.CharField("制卡单号", max_length=16, default=new_reference)
    card_request = models.ForeignKey(
        CardRequest, models.PROTECT, related_name="production_orders", verbose_name="申请"
    )
    batch = models.ForeignKey(
        ProductionBatch, models.PROTECT, related_name="orders", verbose_name="批次"
    )
    status = models.CharField("状态", max_length=8, choices=OrderStatus)
    fault = models.CharField("搁置的原因", max_length=200, blank=True)

    objects = ProductionOrderQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "制卡单"
        constraints = [
            # Not by the field: that would add an index for LIKE (decision 0148).
            models.UniqueConstraint(fields=["reference"], name="order_of_a_reference"),
            models.UniqueConstraint(
                fields=["card_request"],
                condition=~Q(status__in=OVER),
                name="one_live_production_order_per_request",
                violation_error_message="这件申请已经送去制卡。",
            ),
            ORDER.constraint(),
            models.CheckConstraint(
                condition=~Q(status=OrderStatus.HELD) | ~Q(fault=""),
                name="held_order_has_a_reason",
                violation_error_message="搁置的制卡单要有原因。",
            ),
        ]

    def __str__(self):
        return f"制卡单 {self.reference}"

    @property
    def has_failed(self):
        return self.status == OrderStatus.FAILED

    @property
    def is_held(self):
        """Whether somebody has to mend it before its card can be made."""
        return self.status == OrderStatus.HELD

    @property
    def was_not_sent(self):
        """Whether the bureau doesn't know it, because it was put on hold."""
        return self.status in NOT_SENT


class SimulatedJobQuerySet(models.QuerySet):
    def unreported(self, bureau, at):
        """Jobs of `bureau` with a stage that was reached by `at` and not fetched yet."""
        return (
            self.filter(bureau=bureau)
            .filter(
                Q(is_made_reported=False, made_at__lte=at)
                | Q(is_sent_reported=False, is_faulty=False, sent_at__lte=at)
            )
            .order_by("pk")
        )


class SimulatedJob(models.Model):
    """The simulated bureau's own record: an order, and when it will reach each stage."""

    order_reference = models.CharField("制卡单号", max_length=16, unique=True)
    bureau = models.CharField("制卡中心", max_length=20, default=MAIN)
    city_code = models.CharField("发卡地区", max_length=6)
    is_pickup = models.BooleanField("网点自取", default=False)
    is_by_unit = models.BooleanField("单位统一领取", default=False, db_default=False)
    is_faulty = models.BooleanField(
        "制卡会失败", default=False, help_text="勾选后，到制卡时间时回报制卡失败"
    )
    received_at = models.DateTimeField("收到时间")
    made_at = models.DateTimeField("制成时间")
    sent_at = models.DateTimeField("发出时间")
    is_made_reported = models.BooleanField("制卡结果已取走", default=False)
    is_sent_reported = models.BooleanField("发出结果已取走", default=False)

    objects = SimulatedJobQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "模拟制卡"

    def __str__(self):
        return f"模拟制卡 #{self.pk}"
