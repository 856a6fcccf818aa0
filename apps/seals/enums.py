"""Where heads are sent. Stored values never change."""

from django.db import models


class CopyChannel(models.TextChoices):
    FILE = "FILE", "文件"
    MAIL = "MAIL", "电子邮件"
    WITNESS = "WITNESS", "见证方"
