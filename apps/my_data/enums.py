"""Statuses and actions of a correction. Stored values never change."""

from django.db import models


class CorrectionStatus(models.TextChoices):
    OPEN = "OPEN", "等待答复"
    CORRECTED = "CORRECTED", "已更正"
    DECLINED = "DECLINED", "没有更正"

    @property
    def tone(self):
        """The colour of its tag."""
        return {"OPEN": "info", "CORRECTED": "ok", "DECLINED": "warn"}[self.value]


class CorrectionAction(models.TextChoices):
    ASK = "ASK", "请人事处更正"
    CORRECT = "CORRECT", "人事处更正"
    DECLINE = "DECLINE", "人事处说明为什么不改"
