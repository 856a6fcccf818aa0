"""Events about formal losses that are not moves of their lifecycle."""

from django.db import models

from apps.events.kinds import EventKind, register


class LateLoss(models.TextChoices):
    DECISION = "DECISION", "确认超期，已告知"


LATE = register(EventKind("formal_loss_late", "正式挂失（承诺时限）", LateLoss))
