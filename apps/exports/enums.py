"""Formats, statuses and actions of an export."""

from django.db import models


class ExportFormat(models.TextChoices):
    XLSX = "XLSX", "Excel 表格（xlsx）"
    CSV = "CSV", "CSV"


class ExportSubject(models.TextChoices):
    REQUESTS = "REQUESTS", "申请"
    MINORS = "MINORS", "未成年人信息台账"
    SHEET = "SHEET", "采集表"


class SheetSchedule(models.TextChoices):
    """When the 采集表 for a centre is ordered by itself."""

    NEVER = "NEVER", "不自动导出"
    DAILY = "DAILY", "每天"
    WORKDAYS = "WORKDAYS", "每个工作日"


class ExportStatus(models.TextChoices):
    WAITING = "WAITING", "等待开始"
    RUNNING = "RUNNING", "正在导出"
    READY = "READY", "可以下载"
    EXPIRED = "EXPIRED", "文件已过期"
    FAILED = "FAILED", "没有完成"
    DISMISSED = "DISMISSED", "不再重试"

    @property
    def tone(self):
        """The colour of its tag, if any."""
        return "bad" if self == ExportStatus.FAILED else ""


IN_FLIGHT = (ExportStatus.WAITING, ExportStatus.RUNNING)


class ExportAction(models.TextChoices):
    ORDER = "ORDER", "提交导出"
    START = "START", "开始导出"
    REQUEUE = "REQUEUE", "重新排队"
    FINISH = "FINISH", "导出"
    FAIL = "FAIL", "导出没有完成"
    RETRY = "RETRY", "重新导出"
    DISMISS = "DISMISS", "不再重试导出"
    EXPIRE = "EXPIRE", "导出文件到期删除"
