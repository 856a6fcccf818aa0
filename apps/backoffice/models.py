"""Lists of requests that were written into files."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.common import leases
from apps.common.references import new_reference


class ExportFormat(models.TextChoices):
    XLSX = "XLSX", "Excel 表格（xlsx）"
    CSV = "CSV", "CSV"


class ExportState(models.TextChoices):
    WAITING = "WAITING", "等待开始"
    RUNNING = "RUNNING", "正在导出"
    READY = "READY", "可以下载"
    EXPIRED = "EXPIRED", "文件已过期"
    FAILED = "FAILED", "没有完成"


VIEW_EXPORT = "backoffice.view_export"
IN_FLIGHT = Q(finished_at__isnull=True)
HAS_FILE = ~Q(file="")


class ExportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own; all of them for whoever may view the table, as an auditor."""
        return self if user.has_perm(VIEW_EXPORT) else self.filter(by=user)

    def in_flight(self):
        return self.filter(IN_FLIGHT)

    def to_write(self, at):
        """Those that nobody writes at the moment `at`, the longest waiting first."""
        return self.in_flight().filter(leases.free(at)).order_by("pk")

    def to_expire(self, at):
        return self.filter(HAS_FILE, expires_at__lte=at).order_by("expires_at")


class Export(models.Model):
    """One export, ordered by a member of the staff and written by a worker: the row is the queue.

    The file goes after a time; the row stays and says what was taken out of the portal.
    """

    reference = models.CharField("编号", max_length=16, unique=True, default=new_reference)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="exports", verbose_name="导出人"
    )
    format = models.CharField("格式", max_length=4, choices=ExportFormat)
    filter = models.CharField(
        "筛选条件", max_length=1000, blank=True, help_text="RequestFilter 的查询串"
    )
    scope = models.CharField("导出范围", max_length=500, help_text="筛选条件的文字说明")
    is_full = models.BooleanField("完整号码", default=False)
    reason = models.CharField("原因", max_length=200, blank=True)
    expected_rows = models.PositiveIntegerField("应有行数", help_text="提交时符合条件的件数")
    row_count = models.PositiveIntegerField("已写行数", default=0)
    created_at = models.DateTimeField("提交时间")
    leased_until = models.DateTimeField(
        "占用到", null=True, blank=True, help_text="过后仍没有完成，由另一个后台任务重做"
    )
    tries = models.PositiveSmallIntegerField("次数", default=0)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)
    expires_at = models.DateTimeField("文件到期时间", null=True, blank=True)
    file = models.FileField("文件", blank=True, max_length=100, help_text="加密保存")
    error = models.CharField("没有完成的原因", max_length=200, blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导出"
        constraints = [
            models.CheckConstraint(
                condition=Q(is_full=False) | ~Q(reason=""),
                name="full_export_has_a_reason",
                violation_error_message="导出完整号码必须写明原因。",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, expires_at__isnull=True, file="", error="")
                | Q(finished_at__isnull=False, expires_at__isnull=False, error="")
                | (Q(finished_at__isnull=False, expires_at__isnull=True, file="") & ~Q(error="")),
                name="finished_export_has_a_file_or_an_error",
            ),
        ]
        indexes = [
            # ExportQuerySet.to_write and in_flight: what a worker still has to do.
            models.Index(fields=["by"], condition=IN_FLIGHT, name="export_in_flight"),
            # ExportQuerySet.to_expire: the files that are to be deleted.
            models.Index(fields=["expires_at"], condition=HAS_FILE, name="export_to_expire"),
        ]

    def __str__(self):
        return f"导出 {self.reference}"

    def state_at(self, at):
        """The `ExportState` at the moment `at`; a file is over at its time, deleted or not."""
        if self.finished_at is None:
            is_claimed = self.leased_until is not None and self.leased_until > at
            return ExportState.RUNNING if is_claimed else ExportState.WAITING
        if self.error:
            return ExportState.FAILED
        is_there = self.file and self.expires_at > at
        return ExportState.READY if is_there else ExportState.EXPIRED

    @property
    def file_name(self):
        """What the file is called on the computer of whoever downloads it."""
        kind = "完整" if self.is_full else "遮挡"
        return f"申请-{kind}-{self.reference}.{self.format.lower()}"
