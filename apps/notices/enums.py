from django.db import models

from apps.common import masks


class OutboxKind(models.TextChoices):
    SMS = "SMS", "短信"
    EMAIL = "EMAIL", "邮件"

    @property
    def mask(self):
        """What hides most of an address of this kind."""
        return _MASKS[self]


_MASKS = {OutboxKind.SMS: masks.phone, OutboxKind.EMAIL: masks.email}
