"""What becomes of a message. Stored values never change."""

from django.db import models


class NoticeStatus(models.TextChoices):
    WAITING = "WAITING", "等待发送"
    SENT = "SENT", "已发出"
    GIVEN_UP = "GIVEN_UP", "没有发出"
