"""One decision on many requests: first a dry run, then rows that are worked off one by one."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from apps.cards.enums import RequestAction
from apps.cards.models import CardRequest
from apps.common.references import new_reference


class BulkAction(models.TextChoices):
    APPROVE = RequestAction.APPROVE.value, "审核通过"
    REQUEST_AMENDMENT = RequestAction.REQUEST_AMENDMENT.value, "退回修改"
    REJECT = RequestAction.REJECT.value, "审核不通过"


class RunState(models.TextChoices):
    """What a run is at; read from its moments, never stored."""

    PREPARED = "PREPARED", "待开始"
    RUNNING = "RUNNING", "办理中"
    STOPPED = "STOPPED", "已停止"
    DONE = "DONE", "已办完"
    RECALLING = "RECALLING", "撤回中"
    RECALLED = "RECALLED", "已撤回"


class Outcome(models.TextChoices):
    WAITING = "WAITING", "待办理"
    LEFT_OUT = "LEFT_OUT", "不纳入"
    DONE = "DONE", "已办理"
    FAILED = "FAILED", "没有办成"
    NOT_RUN = "NOT_RUN", "停止，未办理"
    RECALLED = "RECALLED", "已撤回"
    KEPT = "KEPT", "没能撤回"


WITH_REASON = (Outcome.LEFT_OUT, Outcome.FAILED, Outcome.KEPT)
WAS_DECIDED = (Outcome.DONE, Outcome.RECALLED, Outcome.KEPT)


class BulkRunQuerySet(models.QuerySet):
    def under_way(self):
        """Those with rows to work off, the oldest first."""
        return self.filter(started_at__isnull=False, finished_at=None).order_by("pk")

    def abandoned(self, before):
        """Dry runs from before the moment `before` that nobody started."""
        return self.filter(started_at=None, prepared_at__lt=before)


class BulkRun(models.Model):
    """What `by` wants done to the requests of `rows`. Only a run that was started does anything.

    `decision` holds the arguments of the decision: items and due_date, or a reason, or nothing.
    `finished_at` says that no row waits any more; asking for a recall opens the run again.
    """

    reference = models.CharField("批量编号", max_length=16, unique=True, default=new_reference)
    action = models.CharField("办理", max_length=20, choices=BulkAction)
    decision = models.JSONField("内容", default=dict, blank=True, encoder=DjangoJSONEncoder)
    chosen = models.CharField("筛选条件", max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="办理人"
    )
    prepared_at = models.DateTimeField("预检时间")
    started_at = models.DateTimeField("开始时间", null=True, blank=True)
    stopped_at = models.DateTimeField("停止时间", null=True, blank=True)
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="停止人",
    )
    recalled_at = models.DateTimeField("要求撤回的时间", null=True, blank=True)
    recalled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="撤回人",
    )
    finished_at = models.DateTimeField("办完时间", null=True, blank=True)

    objects = BulkRunQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "批量审核"
        constraints = [
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True, stopped_by__isnull=True)
                | Q(stopped_at__isnull=False, stopped_by__isnull=False),
                name="bulk_run_stopped_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(recalled_at__isnull=True, recalled_by__isnull=True)
                | Q(recalled_at__isnull=False, recalled_by__isnull=False, action="APPROVE"),
                name="bulk_run_recalled_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(started_at__isnull=False)
                | Q(stopped_at=None, recalled_at=None, finished_at=None),
                name="bulk_run_starts_before_it_ends",
            ),
        ]
        indexes = [
            # BulkRunQuerySet.under_way: what the worker looks for every few seconds.
            models.Index(
                fields=["id"],
                condition=Q(started_at__isnull=False, finished_at__isnull=True),
                name="bulk_run_under_way",
            ),
        ]

    def __str__(self):
        return f"批量审核 {self.reference}"

    @property
    def state(self):
        if self.started_at is None:
            return RunState.PREPARED
        if self.recalled_at is not None:
            return RunState.RECALLED if self.finished_at else RunState.RECALLING
        if self.finished_at is None:
            return RunState.RUNNING
        return RunState.STOPPED if self.stopped_at else RunState.DONE

    @property
    def is_under_way(self):
        return self.started_at is not None and self.finished_at is None


class BulkRowQuerySet(models.QuerySet):
    def counts(self):
        """{`Outcome`: number} of all outcomes that occur."""
        found = self.order_by().values_list("outcome").annotate(number=models.Count("pk"))
        return {Outcome(outcome): number for outcome, number in found}


class BulkRow(models.Model):
    """One request of a run, as the dry run saw it, and what became of it."""

    run = models.ForeignKey(BulkRun, models.CASCADE, related_name="rows", verbose_name="批量审核")
    request = models.ForeignKey(
        CardRequest, models.PROTECT, related_name="bulk_rows", verbose_name="申请"
    )
    seen_since = models.DateTimeField("预检时的状态开始时间")
    outcome = models.CharField("结果", max_length=10, choices=Outcome, default=Outcome.WAITING)
    reason = models.CharField("原因", max_length=300, blank=True)
    decided_at = models.DateTimeField("办理时间", null=True, blank=True)

    objects = BulkRowQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "批量审核的申请"
        constraints = [
            models.UniqueConstraint(fields=["run", "request"], name="bulk_row_once_per_run"),
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
