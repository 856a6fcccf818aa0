"""Tracing whose data somebody saw is itself a look."""

from django.db import models

from apps.events.kinds import EventKind, register


class TraceAction(models.TextChoices):
    TRACE = "TRACE", "追查谁的信息被看过"
    FETCH = "FETCH", "下载追查的名单"


TRACE = register(EventKind("trace", "追查", TraceAction, is_audit_only=True))
