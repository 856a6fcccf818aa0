"""One decision on many requests: first a dry run, then the rows are decided in chunks."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from apps.bulk.enums import UNDER_WAY, WAS_DECIDED, WITH_REASON, BulkAction, BulkOutcome, RunStatus
from apps.bulk.lifecycle import BULK_RUN
from apps.cards.models import CardRequest
from apps.common.references import new_reference
from apps.lifecycle.models import Living, LivingQuerySet


class BulkRunQuerySet(LivingQuerySet):
    def under_way(self):
        """Those with rows that wait, the oldest first."""
        return self.filter(status__in=UNDER_WAY).order_by("pk")

    def abandoned(self, before):
        """Dry runs from before the moment `before` that nobody started."""
        return self.filter(status=RunStatus.PREPARED, prepared_at__lt=before)


class BulkRun(Living):
    """A decision of `by` on the requests of `rows`. Nothing happens before it is started.

    `decision` holds the arguments of the decision: items and due_date, or a reason, or nothing.
    """

    lifecycle = BULK_RUN

    reference = models.CharField("批量编号", max_length=16, unique=True, default=new_reference)
    action = models.CharField("办理", max_length=20, choices=BulkAction)
    decision = models.JSONField("内容", default=dict, blank=True, encoder=DjangoJSONEncoder)
    chosen = models.CharField("筛选条件", max_length=1500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="办理人"
    )
    status = models.CharField("状态", max_length=10, choices=RunStatus)
    prepared_at = models.DateTimeField("预检时间")
    leased_until = models.DateTimeField(
        "占用到", null=True, blank=True, help_text="同一批同时只由一个后台任务办理"
    )

    objects = BulkRunQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "批量审核"
        constraints = [
            BULK_RUN.constraint(),
        ]
        indexes = [
            # BulkRunQuerySet.under_way: what the worker looks for every few seconds.
            models.Index(
                fields=["id"], condition=Q(status__in=UNDER_WAY), name="bulk_run_under_way"
            ),
        ]

    def __str__(self):
        return f"批量审核 {self.reference}"

    @property
    def is_prepared(self):
        """Whether it is a dry run that nobody started."""
        return self.status == RunStatus.PREPARED

    @property
    def is_recalling(self):
        return self.status == RunStatus.RECALLING

    @property
    def pending(self):
        """The outcome of the rows that the worker still has to handle."""
        return BulkOutcome.DONE if self.is_recalling else BulkOutcome.WAITING

    @property
    def is_under_way(self):
        return self.status in UNDER_WAY


class BulkRowQuerySet(models.QuerySet):
    def counts(self):
        """{`BulkOutcome`: number} of all outcomes that occur."""
        found = self.order_by().values_list("outcome").annotate(number=models.Count("pk"))
        return {BulkOutcome(outcome): number for outcome, number in found}

    def to_decide(self):
        """Those on which the worker decides in a moment."""
        return self.filter(outcome=BulkOutcome.WAITING, run__status=RunStatus.RUNNING)


class BulkRow(models.Model):
    """One request of a run, as the dry run saw it, and its outcome."""

    run = models.ForeignKey(BulkRun, models.CASCADE, related_name="rows", verbose_name="批量审核")
    card_request = models.ForeignKey(
        CardRequest, models.PROTECT, related_name="bulk_rows", verbose_name="申请"
    )
    seen_since = models.DateTimeField("预检时的状态开始时间")
    outcome = models.CharField(
        "结果", max_length=10, choices=BulkOutcome, default=BulkOutcome.WAITING
    )
    reason = models.CharField("原因", max_length=300, blank=True)
    decided_at = models.DateTimeField("办理时间", null=True, blank=True)

    objects = BulkRowQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "批量审核的申请"
        constraints = [
            models.UniqueConstraint(fields=["run", "card_request"], name="bulk_row_once_per_run"),
            models.CheckConstraint(
                condition=(Q(outcome__in=WITH_REASON) & ~Q(reason=""))
                | (~Q(outcome__in=WITH_REASON) & Q(reason="")),
                name="bulk_row_that_failed_says_why",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=WAS_DECIDED, decided_at__isnull=False)
                | (~Q(outcome__in=WAS_DECIDED) & Q(decided_at__isnull=True)),
                name="bulk_row_decided_at_some_moment",
            ),
        ]
        indexes = [
            # services.work_off: the rows of a run that still wait, and the counts of its page.
            models.Index(fields=["run", "outcome", "id"], name="bulk_row_by_outcome"),
        ]

    def __str__(self):
        return f"批量审核的申请 #{self.pk}"


class ContactSheet(models.Model):
    """A screen of portraits that `by` asked for. `shown_at` is when the pictures were sent."""

    reference = models.CharField("编号", max_length=16, unique=True, default=new_reference)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="审核人"
    )
    made_at = models.DateTimeField("打开时间")
    shown_at = models.DateTimeField("照片送出的时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "照片小样"

    def __str__(self):
        return f"照片小样 {self.reference}"


class ContactPrintQuerySet(models.QuerySet):
    def shown_to(self, user):
        """Those of which `user` was sent the pictures."""
        return self.filter(sheet__by=user, sheet__shown_at__isnull=False)


class ContactPrint(models.Model):
    """One request on a sheet, as it was then. It says nothing once the request has moved."""

    sheet = models.ForeignKey(
        ContactSheet, models.CASCADE, related_name="prints", verbose_name="照片小样"
    )
    card_request = models.ForeignKey(
        CardRequest, models.CASCADE, related_name="contact_prints", verbose_name="申请"
    )
    seen_since = models.DateTimeField("当时的状态开始时间")
    place = models.PositiveSmallIntegerField("第几张")

    objects = ContactPrintQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "照片小样的申请"
        constraints = [
            models.UniqueConstraint(fields=["sheet", "place"], name="one_contact_print_per_place"),
        ]

    def __str__(self):
        return f"照片小样的申请 #{self.pk}"
