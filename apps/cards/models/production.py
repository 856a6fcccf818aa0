"""What goes to the card bureau and what comes back; each row is an entry of a queue."""

from django.db import models
from django.db.models import Q

from apps.cards.models.request import CardRequest
from apps.common.references import new_reference


class ProductionBatch(models.Model):
    """Orders that are handed to the bureau together, once, with further tries after a failure."""

    reference = models.CharField("批次号", max_length=16, unique=True, default=new_reference)
    created_at = models.DateTimeField("建立时间")
    submitted_at = models.DateTimeField("送出时间", null=True, blank=True)
    next_try_at = models.DateTimeField("下次送出时间")
    last_error = models.TextField("上次失败原因", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "制卡批次"
        indexes = [
            # production.submit_batches: the batches that still have to leave.
            models.Index(
                fields=["next_try_at"],
                condition=Q(submitted_at__isnull=True),
                name="batch_to_submit",
            ),
        ]

    def __str__(self):
        return f"制卡批次 {self.reference}"


class ProductionOrder(models.Model):
    """One card to be made; a request that failed gets a new order."""

    reference = models.CharField("制卡单号", max_length=16, unique=True, default=new_reference)
    request = models.ForeignKey(
        CardRequest, models.PROTECT, related_name="production_orders", verbose_name="申请"
    )
    batch = models.ForeignKey(
        ProductionBatch, models.PROTECT, related_name="orders", verbose_name="批次"
    )
    failed_at = models.DateTimeField("制卡失败时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "制卡单"
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(failed_at__isnull=True),
                name="one_live_production_order_per_request",
                violation_error_message="这件申请已经送去制卡。",
            ),
        ]

    def __str__(self):
        return f"制卡单 {self.reference}"


class ReportKind(models.TextChoices):
    MADE = "MADE", "制卡成功"
    FAILED = "FAILED", "制卡失败"
    SENT = "SENT", "已发出"


class BureauReportQuerySet(models.QuerySet):
    def due(self, at):
        return self.filter(applied_at=None, next_try_at__lte=at).order_by("reported_at", "pk")


class BureauReport(models.Model):
    """A line of the bureau's report as received, under the bureau's own `reference`."""

    reference = models.CharField("回盘编号", max_length=60, unique=True)
    order_reference = models.CharField("制卡单号", max_length=40)
    kind = models.CharField("结果", max_length=8, choices=ReportKind)
    reported_at = models.DateTimeField("制卡中心办理时间")
    card_number = models.CharField("社保卡号", max_length=9, blank=True)
    carrier = models.CharField("承运方", max_length=20, blank=True)
    tracking_number = models.CharField("运单号", max_length=30, blank=True)
    failure = models.CharField("失败原因", max_length=200, blank=True)
    received_at = models.DateTimeField("收到时间")
    applied_at = models.DateTimeField("登记时间", null=True, blank=True)
    next_try_at = models.DateTimeField("下次登记时间")
    error = models.TextField("未能登记的原因", blank=True)

    objects = BureauReportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "制卡回盘"
        indexes = [
            # BureauReportQuerySet.due: the reports that still have to be applied.
            models.Index(
                fields=["next_try_at"],
                condition=Q(applied_at__isnull=True),
                name="report_to_apply",
            ),
        ]

    def __str__(self):
        return f"制卡回盘 #{self.pk}"


class SimulatedJobQuerySet(models.QuerySet):
    def unreported(self, at):
        """Jobs with a stage that was reached by `at` and not fetched yet."""
        return self.filter(
            Q(is_made_reported=False, made_at__lte=at)
            | Q(is_sent_reported=False, is_faulty=False, sent_at__lte=at)
        ).order_by("pk")


class SimulatedJob(models.Model):
    """The simulated bureau's own book: what it was given and when each stage will be reached."""

    order_reference = models.CharField("制卡单号", max_length=16, unique=True)
    city_code = models.CharField("发卡地区", max_length=6)
    is_pickup = models.BooleanField("网点自取", default=False)
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
