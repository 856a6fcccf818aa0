"""Exports: lists of requests that are written into files."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from apps.cards.models import CardRequest
from apps.common import leases
from apps.common.references import new_reference
from apps.desk import event_kinds, roles
from apps.desk.event_kinds import FileAction
from apps.encryption import sealed_boxes
from apps.events.models import Event
from apps.exports.enums import (
    IN_FLIGHT,
    ExportFormat,
    ExportStatus,
    ExportSubject,
    SheetSchedule,
)
from apps.exports.lifecycle import EXPORT
from apps.lifecycle.models import Living, LivingQuerySet

# Renewed with every chunk of rows. A worker that does not renew it was killed.
LEASE = timedelta(minutes=3)
VIEW_EXPORT = "exports.view_export"
SHEET = Q(subject=ExportSubject.SHEET)
UNDER_WAY = Q(status__in=IN_FLIGHT)
READY = Q(status=ExportStatus.READY)


class SheetProfile(models.Model):
    """What the 采集表 for one centre looks like, and when it is ordered, from a moment on.

    Rows are only added: the latest `version` of a `receiver` counts, and a file says which it had.
    """

    receiver = models.CharField("报送给", max_length=20, help_text="制卡中心的名字")
    version = models.PositiveSmallIntegerField("第几版")
    columns = models.JSONField("栏", help_text="依次是 [栏名, 表头]")
    format = models.CharField("格式", max_length=4, choices=ExportFormat)
    schedule = models.CharField("自动导出", max_length=8, choices=SheetSchedule)
    at = models.DateTimeField("保存时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="保存人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "采集表的栏"
        constraints = [
            models.UniqueConstraint(
                fields=["receiver", "version"],
                name="one_sheet_profile_per_version",
                violation_error_message="刚刚有人保存了新的一版，请重新打开再改。",
            ),
        ]

    def __str__(self):
        return f"采集表的栏 #{self.pk}"


def _was_fetched():
    """The condition that somebody has fetched the file of an export."""
    fetches = Event.objects.of_kind(event_kinds.EXPORT_FILE).filter(action=FileAction.FETCH)
    return Exists(fetches.filter(subject_id=OuterRef("pk")))


class ExportQuerySet(LivingQuerySet):
    def visible_to(self, user):
        """The user's own exports; all of them for users who may view the table, as auditors.

        Sealed files for a centre are those of everybody who may export in full.
        """
        return self if user.has_perm(VIEW_EXPORT) else self.fetchable_by(user)

    def fetchable_by(self, user):
        """Those whose file `user` may fetch while there is one."""
        own = Q(by=user)
        return self.filter(own | SHEET if user.has_perm(roles.EXPORT_FULL) else own)

    def on_schedule(self):
        """The 采集表 that were ordered by themselves (profiles.order_due)."""
        return self.filter(for_date__isnull=False)

    def reported(self, receiver, at):
        """The 采集表 by which the centre `receiver` knows of people at the moment `at`.

        Somebody fetched the file, or still can. One that expired in silence told nobody.
        """
        can_be_fetched = EXPORT.in_status(ExportStatus.READY, at=at)
        return self.filter(SHEET, can_be_fetched | _was_fetched(), receiver=receiver)

    def to_see_to(self, at):
        """Those on schedule that somebody has to see to at the moment `at`, the oldest first.

        Their file was not fetched yet, or they failed and their centre got no later file instead.
        """
        later = Export.objects.filter(
            receiver=OuterRef("receiver"),
            for_date__gt=OuterRef("for_date"),
            status__in=(ExportStatus.READY, ExportStatus.EXPIRED),
        )
        to_fetch = EXPORT.in_status(ExportStatus.READY, at=at) & ~_was_fetched()
        unwritten = Q(status=ExportStatus.FAILED) & ~Exists(later)
        return self.on_schedule().filter(to_fetch | unwritten).order_by("pk")

    def in_flight(self):
        return self.filter(UNDER_WAY)

    def to_write(self, at):
        """Those that no worker writes at the moment `at`, the oldest first."""
        return self.in_flight().filter(leases.free(at, length=LEASE)).order_by("pk")


class Export(Living):
    """One export, ordered by a member of the staff and written by a worker: the row is the queue.

    The file is deleted after a time. The row stays as a record of what left the portal.
    """

    lifecycle = EXPORT

    reference = models.CharField("编号", max_length=16, unique=True, default=new_reference)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="exports", verbose_name="导出人"
    )
    subject = models.CharField(
        "导出什么", max_length=8, choices=ExportSubject, default=ExportSubject.REQUESTS
    )
    format = models.CharField("格式", max_length=4, choices=ExportFormat)
    filter = models.CharField(
        "筛选条件", max_length=3000, blank=True, help_text="RequestFilter 的查询串"
    )
    scope = models.CharField("导出范围", max_length=1500, help_text="筛选条件的文字说明")
    is_full = models.BooleanField("完整号码", default=False)
    reason = models.CharField("原因", max_length=200, blank=True)
    expected_rows = models.PositiveIntegerField("应有行数", help_text="提交时符合条件的件数")
    row_count = models.PositiveIntegerField("已写行数", default=0)
    status = models.CharField("状态", max_length=10, choices=ExportStatus)
    created_at = models.DateTimeField("提交时间")
    leased_until = models.DateTimeField(
        "占用到", null=True, blank=True, help_text="过后仍没有完成，由另一个后台任务重做"
    )
    tries = models.PositiveSmallIntegerField("次数", default=0)
    expires_at = models.DateTimeField("文件到期时间", null=True, blank=True)
    file = models.FileField("文件", blank=True, max_length=100, help_text="加密保存")
    error = models.CharField("没有完成的原因", max_length=500, blank=True)
    receiver = models.CharField("报送给", max_length=20, blank=True, default="", db_default="")
    profile = models.ForeignKey(
        SheetProfile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="exports",
        verbose_name="采集表的栏",
    )
    for_date = models.DateField("自动导出的日期", null=True, blank=True)

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
                condition=(SHEET & ~Q(receiver="") & Q(profile__isnull=False, is_full=True))
                | (~SHEET & Q(receiver="", profile=None, for_date=None)),
                name="sheet_names_its_receiver",
            ),
            # profiles.order_due: one file a day, also where two workers order at once.
            models.UniqueConstraint(
                fields=["receiver", "for_date"],
                condition=Q(for_date__isnull=False),
                name="one_sheet_per_receiver_and_day",
            ),
            EXPORT.constraint(),
            models.CheckConstraint(
                condition=Q(status__in=IN_FLIGHT, expires_at__isnull=True, file="", error="")
                | (READY & Q(expires_at__isnull=False, error="") & ~Q(file=""))
                | Q(status=ExportStatus.EXPIRED, expires_at__isnull=False, file="", error="")
                | (
                    Q(
                        status__in=(ExportStatus.FAILED, ExportStatus.DISMISSED),
                        expires_at__isnull=True,
                        file="",
                    )
                    & ~Q(error="")
                ),
                name="export_has_what_its_status_says",
            ),
        ]
        indexes = [
            # ExportQuerySet.to_write and in_flight: what a worker still has to do.
            models.Index(fields=["by"], condition=UNDER_WAY, name="export_in_flight"),
            # working.delete_expired: the files whose time is over.
            models.Index(fields=["expires_at"], condition=READY, name="export_to_expire"),
        ]

    def __str__(self):
        return f"导出 {self.reference}"

    @property
    def content(self):
        """Whether names and numbers are whole, in words."""
        if self.subject == ExportSubject.SHEET:
            return "完整，加密"
        return "完整" if self.is_full else "遮盖"

    def is_ready(self, at):
        """Whether there is a file to fetch at the moment `at`."""
        return self.status_at(at) == ExportStatus.READY

    def is_in_flight(self, at):
        """Whether the worker has something to do, at the moment `at`."""
        return self.status_at(at) in IN_FLIGHT

    @property
    def file_name(self):
        """The name of the downloaded file."""
        if self.subject == ExportSubject.MINORS:
            return f"未成年人信息台账-{self.reference}.{self.format.lower()}"
        if self.subject == ExportSubject.SHEET:
            return f"采集表-{self.reference}.zip{sealed_boxes.SUFFIX}"
        kind = "完整" if self.is_full else "遮盖"
        return f"申请-{kind}-{self.reference}.{self.format.lower()}"


class ExportedRequest(models.Model):
    """That a file holds a request: after a leak it is known whose data were in it."""

    export = models.ForeignKey(
        Export, models.CASCADE, related_name="contained", verbose_name="导出"
    )
    card_request = models.ForeignKey(
        CardRequest, models.PROTECT, related_name="exported", verbose_name="申请"
    )

    class Meta:
        verbose_name = verbose_name_plural = "导出文件里的申请"
        constraints = [
            models.UniqueConstraint(
                fields=["export", "card_request"], name="one_row_per_export_and_request"
            ),
        ]

    def __str__(self):
        return f"导出文件里的申请 #{self.pk}"
