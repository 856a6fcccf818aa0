"""Events about requests that are not moves of their lifecycle."""

from django.db import models

from apps.events.kinds import EventKind, register


class LateStage(models.TextChoices):
    """What was promised by a day that has passed."""

    REVIEW = "REVIEW", "审核超期，已告知"
    PRODUCE = "PRODUCE", "制卡超期，已告知"
    DISPATCH = "DISPATCH", "发出超期，已告知"
    DELIVER = "DELIVER", "送达超期，已告知"


LATE = register(EventKind("request_late", "申请（承诺时限）", LateStage))
