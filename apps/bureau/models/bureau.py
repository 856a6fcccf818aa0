"""Files to and from the bureau, the reports in them, and the lines that could not be read."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.bureau.enums import LineStatus, ReportKind, ReportStatus
from apps.bureau.lifecycle import LINE, OPEN_REPORT, REPORT
from apps.bureau.models.production import ProductionBatch
from apps.common import leases
from apps.common.references import new_reference
from apps.encryption.fields import BlindIndexField, EncryptedTextField, is_empty
from apps.lifecycle.models import Living, LivingQuerySet


class BureauFile(models.Model):
    """One file, identified by its content: the same bytes again are the same file.

    A file that was refused as a whole (`refusal`) counts as not read, so it may come again.
    """

    class Direction(models.TextChoices):
        OUT = "OUT", "送出"
        IN = "IN", "收到"

    reference = models.CharField("编号", max_length=16, unique=True, default=new_reference)
    name = models.CharField("文件名", max_length=100)
    sha256 = models.CharField("SHA-256", max_length=64)
    direction = models.CharField("方向", max_length=3, choices=Direction)
    batch = models.ForeignKey(
        ProductionBatch,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="files",
        verbose_name="批次",
    )
    bureau = models.CharField(
        "制卡中心", max_length=20, blank=True, help_text="空：由人上传，不论哪一家"
    )
    exchanged_at = models.DateTimeField("送出或收到时间")
    exchanged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="上传人",
        help_text="空：由后台任务收发",
    )
    good = models.PositiveIntegerField("新的行", default=0)
    repeated = models.PositiveIntegerField("重复的行", default=0)
    broken = models.PositiveIntegerField("有误的行", default=0)
    refusal = models.CharField("没有读取的原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "制卡往来文件"
        constraints = [
            models.UniqueConstraint(
                fields=["sha256", "refusal"],
                name="one_row_per_bureau_file",
                violation_error_message="这个文件已经登记过。",
            ),
            models.CheckConstraint(
                condition=Q(direction="OUT", batch__isnull=False)
                | Q(direction="IN", batch__isnull=True),
                name="bureau_file_that_left_names_its_batch",
            ),
        ]
        indexes = [
            # bureau_desk.lists: the files by the time when they came or left.
            models.Index(fields=["exchanged_at", "id"], name="bureau_file_by_time"),
        ]

    def __str__(self):
        return f"制卡往来文件 {self.reference}"


# After this time a report that could not be applied is tried again.
RETRY_AFTER = timedelta(minutes=10)


# What is emptied after a time, with what stands there then.
NOTHING_REPORTED = dict.fromkeys(
    ("card_number", "carrier", "tracking_number", "failure", "error"), ""
)
HOLDS_NOTHING = Q(**{name: "" for name in NOTHING_REPORTED if name != "card_number"}) & is_empty(
    "card_number"
)


class BureauReportQuerySet(LivingQuerySet):
    def due(self, at):
        due = leases.due(at, pauses=(RETRY_AFTER,))
        return self.open().filter(due).order_by("reported_at", "pk")

    def open(self):
        return self.filter(status__in=OPEN_REPORT)

    def to_forget(self, before):
        """Those that are over, came before the moment `before`, and still have their numbers."""
        over = self.exclude(status__in=OPEN_REPORT)
        return over.filter(received_at__lt=before, forgotten_at=None)


class BureauReport(Living):
    """A line of the bureau's report as received, under the bureau's own `reference`.

    A report that came before its predecessor (`waits_for`) is no error. A report that contradicts
    what is known has an `error`. Both are tried again.
    """

    lifecycle = REPORT

    reference = models.CharField("回盘编号", max_length=60)
    order_reference = models.CharField("制卡单号", max_length=40)
    kind = models.CharField("结果", max_length=8, choices=ReportKind)
    reported_at = models.DateTimeField("制卡中心办理时间")
    card_number = EncryptedTextField("社保卡号", blank=True)
    carrier = models.CharField("承运方", max_length=20, blank=True)
    tracking_number = models.CharField("运单号", max_length=30, blank=True)
    failure = models.CharField("失败原因", max_length=200, blank=True)
    file = models.ForeignKey(
        BureauFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name="文件",
    )
    received_at = models.DateTimeField("收到时间")
    status = models.CharField("状态", max_length=9, choices=ReportStatus)
    next_try_at = models.DateTimeField("下次登记时间")
    waits_for = models.CharField("等哪一步", max_length=8, choices=ReportKind, blank=True)
    error = models.TextField("没能登记的原因", blank=True)
    forgotten_at = models.DateTimeField(
        "清空时间", null=True, blank=True, help_text="登记多时，卡号和运单号已从这里删除"
    )

    objects = BureauReportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "制卡回盘"
        constraints = [
            # Not by the field: that would add an index for LIKE (decision 0148).
            models.UniqueConstraint(fields=["reference"], name="report_of_a_reference"),
            REPORT.constraint(),
            models.CheckConstraint(
                condition=Q(forgotten_at__isnull=True) | HOLDS_NOTHING,
                name="forgotten_report_holds_nothing",
            ),
        ]
        indexes = [
            # BureauReportQuerySet.to_forget: the numbers whose time is over.
            models.Index(
                fields=["received_at"],
                condition=Q(forgotten_at__isnull=True),
                name="report_to_forget",
            ),
            # BureauReportQuerySet.due: the reports that still have to be applied, in their order.
            # Each set of a long file reads its own rows only.
            models.Index(
                fields=["reported_at", "id"],
                condition=Q(status__in=sorted(OPEN_REPORT)),
                name="report_in_its_turn",
            ),
            # applying: what waits for the same order; the reports on the page of a batch.
            models.Index(fields=["order_reference"], name="report_of_order"),
            # bureau_desk.lists: the reports by the time when they came.
            models.Index(fields=["received_at", "id"], name="report_by_time"),
        ]

    def __str__(self):
        return f"制卡回盘 #{self.pk}"

    @property
    def is_open(self):
        """Whether it still has to be applied."""
        return self.status in OPEN_REPORT

    @property
    def is_early(self):
        """Whether it waits for its predecessor."""
        return self.status == ReportStatus.WAITING


class QuarantinedLineQuerySet(LivingQuerySet):
    def open(self):
        """Those that wait for somebody."""
        return self.filter(status=LineStatus.OPEN)

    def to_forget(self, before):
        """Those that were settled, came before the moment `before`, and still have their text."""
        settled = self.exclude(status=LineStatus.OPEN)
        return settled.filter(received_at__lt=before, forgotten_at=None)


class QuarantinedLine(Living):
    """A line that could not be read (隔离行), until somebody corrects or dismisses it.

    The same line again, in any file, is the same row. `report` is made from the corrected line.
    """

    lifecycle = LINE

    reference = models.CharField("编号", max_length=16, unique=True, default=new_reference)
    file = models.ForeignKey(
        BureauFile, models.PROTECT, related_name="quarantined", verbose_name="文件"
    )
    number = models.PositiveIntegerField("行号")
    content = EncryptedTextField("原文")
    content_index = BlindIndexField("原文索引", source="content", unique=True)
    fault = models.CharField("隔离的原因", max_length=200)
    received_at = models.DateTimeField("收到时间")
    status = models.CharField("状态", max_length=9, choices=LineStatus)
    report = models.OneToOneField(
        BureauReport,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrected_line",
        verbose_name="改正后的回盘",
    )
    forgotten_at = models.DateTimeField(
        "清空时间", null=True, blank=True, help_text="处理多时，原文已删除"
    )

    objects = QuarantinedLineQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "制卡回盘隔离行"
        constraints = [
            LINE.constraint(),
            models.CheckConstraint(
                condition=Q(status=LineStatus.CORRECTED, report__isnull=False)
                | (~Q(status=LineStatus.CORRECTED) & Q(report__isnull=True)),
                name="corrected_line_has_its_report",
            ),
        ]
        indexes = [
            # QuarantinedLineQuerySet.open: what waits for somebody.
            models.Index(
                fields=["received_at"],
                condition=Q(status=LineStatus.OPEN),
                name="line_to_settle",
            ),
        ]

    def __str__(self):
        return f"隔离行 {self.reference}"

    @property
    def is_open(self):
        """Whether it waits for somebody."""
        return self.status == LineStatus.OPEN

    @property
    def tone(self):
        """The colour of its tag."""
        return LineStatus(self.status).tone


class ReportUpload(models.Model):
    """A report file that somebody uploaded, between its preview and the confirmation."""

    reference = models.CharField("编号", max_length=16, unique=True, default=new_reference)
    name = models.CharField("文件名", max_length=100)
    content = EncryptedTextField("内容", help_text="文件的字节，按 Latin-1 写成文字")
    uploaded_at = models.DateTimeField("上传时间")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "待确认的回盘文件"

    def __str__(self):
        return f"待确认的回盘文件 {self.reference}"

    @property
    def data(self):
        return self.content.encode("latin-1")
