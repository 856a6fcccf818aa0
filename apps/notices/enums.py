from django.db import models


class OutboxKind(models.TextChoices):
    SMS = "SMS", "短信"
    EMAIL = "EMAIL", "邮件"
