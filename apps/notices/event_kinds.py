"""What operators do with a message that was not sent."""

from django.db import models

from apps.events.kinds import EventKind, register


class NoticeAction(models.TextChoices):
    RETRY = "RETRY", "再发一次"
    SET_ASIDE = "SET_ASIDE", "不再发送"


NOTICE = register(EventKind("notice", "消息", NoticeAction, is_audit_only=True))
