"""Events about what people do with the data that is kept about them, and the end of an account."""

from django.db import models

from apps.events.kinds import EventKind, register


class MyDataAction(models.TextChoices):
    LOOK = "LOOK", "看我的信息的完整内容"
    COPY = "COPY", "下载我的信息"
    ERASE = "ERASE", "删除可以删除的信息"
    CLOSE = "CLOSE", "注销账户"
    FORGET = "FORGET", "清空离职人员的资料"


MY_DATA = register(EventKind("my_data", "我的信息", MyDataAction, is_audit_only=True))


class LateCorrection(models.TextChoices):
    ANSWER = "ANSWER", "答复超期，已告知"


LATE = register(EventKind("correction_late", "更正请求（承诺时限）", LateCorrection))
