"""What people agreed to."""

from django.conf import settings
from django.db import models

from apps.people.enums import ConsentKind, ConsentStatus
from apps.people.models.people import Holder


class ConsentTextQuerySet(models.QuerySet):
    def keep(self, texts, *, at):
        """Keep the words of `texts`, kind → (version, words), that nobody agreed to before."""
        rows = [
            ConsentText(kind=kind, version=version, words=words, first_given_at=at)
            for kind, (version, words) in texts.items()
        ]
        self.bulk_create(rows, ignore_conflicts=True)


class ConsentText(models.Model):
    """The words of one version of one text, kept from the first consent to it on.

    `words` is the HTML that people read. A changed text is another version and another row.
    """

    kind = models.CharField("文本", max_length=12, choices=ConsentKind)
    version = models.CharField("版本", max_length=20)
    words = models.TextField("原文")
    first_given_at = models.DateTimeField("第一次有人同意的时间")

    objects = ConsentTextQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "协议原文"
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="one_text_per_version"),
        ]

    def __str__(self):
        return f"协议原文 {self.kind} {self.version}"


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
    over_at = models.DateTimeField(
        "保存期满时间", null=True, blank=True, help_text="数据库只许删除写了这个时间的"
    )

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
