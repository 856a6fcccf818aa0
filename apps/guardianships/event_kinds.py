"""Events about guardianships that are not moves of their lifecycle."""

from django.db import models

from apps.events.kinds import EventKind, register


class LateRegistration(models.TextChoices):
    DECISION = "DECISION", "确认超期，已告知"


LATE = register(EventKind("guardianship_late", "子女登记（承诺时限）", LateRegistration))
