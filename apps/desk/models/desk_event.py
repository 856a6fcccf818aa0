"""What was done at the desk apart from deciding a case."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from apps.cards.models import CardRequest
from apps.desk.roles import PERMISSIONS


class DeskAction(models.TextChoices):
    TAKE_OVER = "TAKE_OVER", "接手"
    FIRST_APPROVAL = "FIRST_APPROVAL", "初审通过"
    BULK_RUN = "BULK_RUN", "批量审核"
    BULK_STOPPED = "BULK_STOPPED", "停止批量审核"
    EXPORT = "EXPORT", "导出"
    EXPORT_FETCHED = "EXPORT_FETCHED", "下载导出文件"
    PHRASE_CHANGED = "PHRASE_CHANGED", "修改常用语"
    ROSTER_UPLOADED = "ROSTER_UPLOADED", "上传名册"
    ROSTER_APPLIED = "ROSTER_APPLIED", "名册生效"
    ROSTER_DISCARDED = "ROSTER_DISCARDED", "放弃名册"
    RULE_CHANGED = "RULE_CHANGED", "修改地区与规则"
    BATCH_RETRIED = "BATCH_RETRIED", "重新送出批次"
    REPORT_UPLOADED = "REPORT_UPLOADED", "上传制卡回盘"
    REPORT_RETRIED = "REPORT_RETRIED", "再次登记制卡回盘"
    LINE_SHOWN = "LINE_SHOWN", "查看隔离行"
    LINE_DISMISSED = "LINE_DISMISSED", "处理隔离行"
    ACCOUNT_CHANGED = "ACCOUNT_CHANGED", "修改账户"


class DeskEvent(models.Model):
    """One deed of a member of the staff in the admin. Rows are only ever added.

    The decisions on a request are in its own `CardEvent`s, looks at full data in `Disclosure`.
    `subject` is the public reference of what it was done to, `facts` say the rest in figures and
    codes; neither they nor `reason` hold personal data of the people the case is about.
    """

    action = models.CharField("动作", max_length=20, choices=DeskAction)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="办理人"
    )
    at = models.DateTimeField("办理时间")
    request = models.ForeignKey(
        CardRequest,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="desk_events",
        verbose_name="申请",
    )
    subject = models.CharField("对象编号", max_length=60, blank=True)
    facts = models.JSONField("内容", default=dict, blank=True, encoder=DjangoJSONEncoder)
    reason = models.CharField("原因", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "审核台记录"
        permissions = PERMISSIONS

    def __str__(self):
        return f"审核台记录 #{self.pk}"
