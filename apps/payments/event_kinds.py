"""Events about payments that are not moves of their lifecycle."""

from django.db import models

from apps.events.kinds import EventKind, register


class LateMoney(models.TextChoices):
    REFUND = "REFUND", "退款超期，已告知"


LATE = register(EventKind("payment_late", "支付订单（承诺时限）", LateMoney))
