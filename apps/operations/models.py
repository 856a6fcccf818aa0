"""What the portal knows of its own running: processes, periodic tasks, keys, alarms."""

from datetime import timedelta

from django.db import models
from django.db.models import Q

from apps.common import leases
from apps.operations.enums import ProcessKind

# A worker holds an alarm for this long while it tells of it; a failed try is repeated after it.
ALARM_LEASE = timedelta(minutes=2)
# Of what is over for so long nobody is told any more: whoever was to be told could not be reached.
TOLD_FOR = timedelta(days=1)


class Process(models.Model):
    """One process of the portal, written by itself about twice a minute while it works."""

    kind = models.CharField("种类", max_length=6, choices=ProcessKind)
    name = models.CharField("名称", max_length=120, help_text="主机名和进程号")
    release = models.CharField("版本", max_length=60)
    started_at = models.DateTimeField("启动时间")
    seen_at = models.DateTimeField("最近一次")

    class Meta:
        verbose_name = verbose_name_plural = "进程"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "name"],
                name="one_row_per_process",
                violation_error_message="这个进程已经登记过。",
            ),
        ]

    def __str__(self):
        return f"进程 #{self.pk}"


class TaskRun(models.Model):
    """The latest runs of one periodic task: one row a task."""

    task = models.CharField("任务", max_length=100, unique=True)
    watched_since = models.DateTimeField("登记时间", help_text="还没有成功过的，从这时算起")
    started_at = models.DateTimeField("上次开始", null=True, blank=True)
    succeeded_at = models.DateTimeField("上次成功", null=True, blank=True)
    failed_at = models.DateTimeField("上次出错", null=True, blank=True)
    last_error = models.CharField("上次的错误", max_length=100, blank=True, help_text="错误的类名")
    last_ms = models.PositiveIntegerField("上次用时（毫秒）", default=0)
    successes = models.PositiveBigIntegerField("成功次数", default=0)
    failures = models.PositiveBigIntegerField("出错次数", default=0)
    total_ms = models.PositiveBigIntegerField("累计用时（毫秒）", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "定时任务的运行"

    def __str__(self):
        return f"定时任务的运行 #{self.pk}"


class KeyRecord(models.Model):
    """When a key was first seen, by a digest from which the key cannot be found."""

    name = models.CharField("名称", max_length=60)
    digest = models.CharField("指纹", max_length=64)
    first_seen_at = models.DateTimeField("第一次使用")

    class Meta:
        verbose_name = verbose_name_plural = "密钥"
        constraints = [
            models.UniqueConstraint(
                fields=["name", "digest"],
                name="one_row_per_key",
                violation_error_message="这把密钥已经登记过。",
            ),
        ]

    def __str__(self):
        return f"密钥 #{self.pk}"


class LastFound(models.Model):
    """What one check has found since when, look after look: one row a check."""

    check_key = models.CharField("检查项", max_length=40, unique=True)
    is_bad = models.BooleanField("要处理")
    since_at = models.DateTimeField("从何时起", help_text="连续得出这个结果的第一次检查")

    class Meta:
        verbose_name = verbose_name_plural = "检查的结果"

    def __str__(self):
        return f"检查的结果 #{self.pk}"


class AlarmQuerySet(models.QuerySet):
    def open(self):
        return self.filter(ended_at=None)

    def to_tell(self, at):
        """Those of which somebody still has to be told: that it began, or that it is over."""
        untold = Q(told_at=None) | Q(ended_at__isnull=False, end_told_at=None)
        untold &= Q(ended_at=None) | Q(ended_at__gt=at - TOLD_FOR)
        return self.filter(untold).filter(leases.free(at, length=ALARM_LEASE)).order_by("pk")


class Alarm(models.Model):
    """One check that was bad from one moment to another. Told once, and once when it is over."""

    check_key = models.CharField("检查项", max_length=40)
    says = models.CharField("情况", max_length=300, help_text="开始时的说明")
    began_at = models.DateTimeField("开始时间")
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    told_at = models.DateTimeField("告知时间", null=True, blank=True)
    end_told_at = models.DateTimeField("告知结束的时间", null=True, blank=True)
    told_through = models.CharField(
        "已告知的渠道", max_length=10, blank=True, default="", db_default=""
    )
    end_told_through = models.CharField(
        "已告知结束的渠道", max_length=10, blank=True, default="", db_default=""
    )
    leased_until = models.DateTimeField("占用到", null=True, blank=True)
    last_error = models.CharField("没有告知成的原因", max_length=200, blank=True)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "告警"
        constraints = [
            models.UniqueConstraint(
                fields=["check_key"],
                condition=Q(ended_at=None),
                name="one_open_alarm_per_check",
                violation_error_message="这一项已经在告警。",
            ),
            models.CheckConstraint(
                condition=Q(end_told_at=None) | Q(ended_at__isnull=False, told_at__isnull=False),
                name="all_clear_follows_its_alarm",
            ),
        ]
        indexes = [
            # AlarmQuerySet.to_tell: what a minute's run looks for.
            models.Index(fields=["began_at"], condition=Q(end_told_at=None), name="alarm_to_tell"),
        ]

    def __str__(self):
        return f"告警 #{self.pk}"
