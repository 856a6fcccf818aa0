"""What somebody posted after the session had ended, until they have signed in again."""

from django.conf import settings
from django.db import models


class UnsentFormQuerySet(models.QuerySet):
    def alive(self, at):
        return self.filter(kept_at__gt=at - settings.UNSENT_FORM_LIFETIME)

    def shown_to(self, user):
        """Those of the account of `user`, and those of pages that nobody had signed in for."""
        return self.filter(models.Q(account=user) | models.Q(account=None))


class UnsentForm(models.Model):
    """The last form that a browser posted from one page. Nobody but its account is shown it."""

    browser = models.CharField("浏览器", max_length=32)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="账户",
    )
    path = models.CharField("页面", max_length=300)
    sealed = models.BinaryField("填写的内容（加密）")
    kept_at = models.DateTimeField("保留时间")

    objects = UnsentFormQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "没有提交的表单"
        constraints = [
            models.UniqueConstraint(fields=["browser", "path"], name="one_unsent_form_per_page")
        ]

    def __str__(self):
        return f"没有提交的表单 #{self.pk}"
