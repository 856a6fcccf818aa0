"""What people agreed to."""

from django.conf import settings
from django.db import models

from apps.people.enums import ConsentKind, ConsentStatus
from apps.people.models.people import Holder


class ConsentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What `user` agreed to, for whomever."""
        return self.filter(user=user)

    def standing(self):
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at=None)


class Consent(models.Model):
    """That a person agreed to one text, in one version, at one moment, from one address.

    A consent that was withdrawn stays as a record; agreed to again, it is a new row.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="consents",
        verbose_name="同意人",
    )
    holder = models.ForeignKey(
        Holder,
        models.PROTECT,
        related_name="consents",
        verbose_name="信息主体",
        help_text="谁的个人信息：本人，或由监护人同意的子女",
    )
    kind = models.CharField("文本", max_length=12, choices=ConsentKind)
    text_version = models.CharField("文本版本", max_length=20)
    given_at = models.DateTimeField("同意时间")
    ip = models.GenericIPAddressField("网络地址", null=True, blank=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "同意记录"
        indexes = [
            # people.services.has_consented: the latest consent of a user for a holder.
            models.Index(fields=["user", "holder", "kind"], name="consent_of_user"),
        ]

    def __str__(self):
        return f"同意记录 #{self.pk}"

    @property
    def status(self):
        return ConsentStatus.GIVEN if self.withdrawn_at is None else ConsentStatus.WITHDRAWN
