"""Kinds of processes and the result of a check. Stored values never change."""

from django.db import models


class ProcessKind(models.TextChoices):
    WEB = "WEB", "网页"
    WORKER = "WORKER", "后台任务"
    BEAT = "BEAT", "定时任务"


class State(models.TextChoices):
    """How a check ended; in the order of how bad it is."""

    OK = "OK", "正常"
    NEW = "NEW", "刚启动"
    WARN = "WARN", "留意"
    BAD = "BAD", "要处理"

    @property
    def tone(self):
        """The colour of its tag."""
        return {"OK": "ok", "NEW": "", "WARN": "warn", "BAD": "bad"}[self.value]
