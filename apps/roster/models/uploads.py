"""Uploaded rosters, and what each of their rows does.

Their personal data is encrypted, and kept only until the preview is applied or discarded. The
events tell who did what with a roster, and when.
"""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.common import leases
from apps.common.references import new_reference
from apps.encryption.fields import EncryptedTextField
from apps.lifecycle.models import Living, LivingQuerySet
from apps.roster.enums import RosterAction, RosterStatus, RowKind, RowOutcome
from apps.roster.lifecycle import ROSTER

# A worker holds a roster for this long; then another worker may take it.
LEASE = timedelta(minutes=5)


OPEN = (
    RosterStatus.UPLOADED,
    RosterStatus.UNMATCHED,
    RosterStatus.READ,
    RosterStatus.UNREADABLE,
)
SAID_YES_TO = (RosterStatus.APPLYING, RosterStatus.APPLIED)


class RosterUploadQuerySet(LivingQuerySet):
    def unread(self):
        """Those that still have to be read."""
        return self.filter(status=RosterStatus.UPLOADED)

    def in_progress(self):
        """Those with rows that may still wait to be applied."""
        return self.filter(status=RosterStatus.APPLYING)

    def applied(self):
        """Those whose preview was confirmed, whether or not all rows are done."""
        return self.filter(status__in=SAID_YES_TO)

    def open_previews(self):
        """Those that were neither applied nor discarded."""
        return self.filter(status__in=OPEN)


class RosterUpload(Living):
    """A staff roster that HR uploaded."""

    lifecycle = ROSTER

    reference = models.CharField("编号", max_length=16, unique=True, default=new_reference)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人"
    )
    at = models.DateTimeField("上传时间")
    file_kind = models.CharField(
        "文件类型", max_length=4, choices=[("xlsx", "XLSX"), ("xls", "XLS"), ("csv", "CSV")]
    )
    content = EncryptedTextField(
        "文件内容",
        blank=True,
        help_text="Base64；读完即清空，列对应过的到生效或放弃时清空；原来的文件名不保存",
    )
    digest = models.CharField(
        "文件摘要", max_length=64, help_text="带密钥的摘要，用来认出同一个文件"
    )
    is_complete = models.BooleanField(
        "这是全员名册", default=False, help_text="名册里没有的在职人员按离职处理"
    )
    status = models.CharField("状态", max_length=10, choices=RosterStatus)
    refusal = models.CharField("读不了的原因", max_length=300, blank=True)
    remarks = models.JSONField("提示", default=list, blank=True)
    headings = models.JSONField("表头", default=list, blank=True, help_text="按文件里的次序")
    choice = models.JSONField(
        "列的对应", default=dict, blank=True, help_text="选定的工作表、表头行和每一列"
    )
    counts = models.JSONField("数量", default=dict, blank=True)
    leased_until = models.DateTimeField(
        "后台任务占用到", null=True, blank=True, help_text="同一份名册同时只由一个任务处理"
    )

    objects = RosterUploadQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "人事名册"
        constraints = [
            ROSTER.constraint(),
            models.CheckConstraint(
                condition=Q(status=RosterStatus.UNREADABLE)
                | Q(status=RosterStatus.DISCARDED)
                | Q(refusal=""),
                name="roster_refusal_only_when_unreadable",
            ),
        ]
        indexes = [
            # RosterUploadQuerySet.unread and open_previews: the sweeps, a file that comes twice.
            models.Index(fields=["at"], condition=Q(status__in=OPEN), name="roster_waiting"),
            # RosterUploadQuerySet.in_progress: the sweep that applies rows.
            models.Index(
                fields=["status_since"],
                condition=Q(status=RosterStatus.APPLYING),
                name="roster_in_progress",
            ),
        ]

    def __str__(self):
        return f"人事名册 #{self.pk}"

    def lease(self, at):
        """Lease the roster for `LEASE`, unless another worker has it. Returns whether it did.

        Two workers on one roster would do no harm, but the same work twice.
        """
        free = RosterUpload.objects.filter(leases.free(at, length=LEASE))
        return leases.take(self, until=at + LEASE, among=free)

    def release(self):
        """Give the lease back."""
        leases.release(self)

    @property
    def is_unread(self):
        return self.status == RosterStatus.UPLOADED

    @property
    def is_unmatched(self):
        """Whether somebody has to say first which column is which."""
        return self.status == RosterStatus.UNMATCHED

    @property
    def is_running(self):
        """Whether the worker has something to do: to read the file or to apply its rows."""
        return self.status in (RosterStatus.UPLOADED, RosterStatus.APPLYING)

    @property
    def is_ready(self):
        """Whether the preview may be applied."""
        return self.status == RosterStatus.READ

    @property
    def is_applied(self):
        """Whether the preview was confirmed."""
        return self.status in SAID_YES_TO

    @property
    def is_discarded(self):
        return self.status == RosterStatus.DISCARDED

    @property
    def application(self):
        """The event by which the preview was confirmed, or None. One query."""
        return self.events.filter(action=RosterAction.APPLY).select_related("by__holder").last()


class ColumnChoiceQuerySet(models.QuerySet):
    def remembered(self, keys):
        """What was chosen for each of the sets of headings `keys` that is known."""
        return dict(self.filter(key__in=keys).values_list("key", "columns"))


class ColumnChoice(models.Model):
    """Which column of a file is which of ours, for one set of headings, as chosen last."""

    key = models.CharField("表头的摘要", max_length=64, unique=True)
    columns = models.JSONField("列的对应", help_text="每个表头对应的列，空的不用")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="选定人"
    )
    at = models.DateTimeField("选定时间")

    objects = ColumnChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "列的对应"

    def __str__(self):
        return f"列的对应 #{self.pk}"


class RosterRowQuerySet(models.QuerySet):
    def entered(self):
        """Those that have entered a new person."""
        return self.filter(kind=RowKind.CREATED, outcome=RowOutcome.APPLIED)

    def to_mend(self):
        """The invalid rows of a file, with their cells."""
        return self.exclude(problems=[]).filter(original__isnull=False)


class RosterRow(models.Model):
    """What one row of a roster does to one person. A row for a missing person has no `line`.

    A confirmed roster is applied row by row: `done_at` is set, by compare-and-swap, in the
    transaction that applies the row. `seen` is a keyed digest of what was stored about the person
    when the preview was made; if the person has changed since then, the row is not applied.
    """

    upload = models.ForeignKey(
        RosterUpload, models.CASCADE, related_name="rows", verbose_name="人事名册"
    )
    line = models.PositiveIntegerField("行号", null=True, blank=True)
    kind = models.CharField("作用", max_length=10, choices=RowKind)
    holder = models.ForeignKey(
        "people.Holder",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="roster_rows",
        verbose_name="人员",
    )
    employee_number = models.CharField("工号", max_length=20, blank=True)
    masked_name = models.CharField("姓名", max_length=50, blank=True, help_text="遮盖后的姓名")
    cells = EncryptedTextField("单元格", blank=True, help_text="JSON；生效后清空")
    original = EncryptedTextField(
        "原来的格子", null=True, blank=True, help_text="JSON；生效后清空，有问题的行到期清空"
    )
    seen = models.CharField("预览时的摘要", max_length=64, blank=True)
    changes = models.JSONField("变化", default=list, blank=True, help_text="列、原值、新值，已遮盖")
    problems = models.JSONField("问题", default=list, blank=True, help_text="列、原因")
    notes = models.JSONField(
        "读取时的改动", default=list, blank=True, help_text="列、说明，不含遮盖的内容"
    )
    done_at = models.DateTimeField("处理时间", null=True, blank=True)
    outcome = models.CharField("结果", max_length=12, choices=RowOutcome, blank=True)

    objects = RosterRowQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "名册的行"
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, outcome="")
                | (Q(done_at__isnull=False) & ~Q(outcome="")),
                name="roster_row_done_has_its_outcome",
            ),
        ]
        indexes = [
            # The lists of a preview, page by page, and the people of a batch.
            models.Index(fields=["upload", "kind", "id"], name="roster_rows_by_kind"),
            # rosters.work: the rows of an applied roster that still wait.
            models.Index(
                fields=["upload", "id"],
                condition=Q(done_at__isnull=True),
                name="roster_rows_waiting",
            ),
        ]

    def __str__(self):
        return f"名册的行 #{self.pk}"
