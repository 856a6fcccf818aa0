from django.db import models


class NoticeChannel(models.TextChoices):
    PORTAL = "PORTAL", "站内消息"
    SMS = "SMS", "短信"


class OutboxKind(models.TextChoices):
    SMS = "SMS", "短信"
    EMAIL = "EMAIL", "邮件"
