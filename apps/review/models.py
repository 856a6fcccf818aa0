"""That somebody looked at the full personal data of a case."""

from django.conf import settings
from django.db import models

from apps.cards.models import CardRequest


class Disclosure(models.Model):
    """A reviewer was shown the unmasked particulars of a request. Written before they are shown."""

    request = models.ForeignKey(
        CardRequest, models.PROTECT, related_name="disclosures", verbose_name="申请"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="查看人"
    )
    at = models.DateTimeField("查看时间")
    what = models.CharField("查看内容", max_length=100)

    class Meta:
        verbose_name = verbose_name_plural = "完整信息查看记录"

    def __str__(self):
        return f"查看记录 #{self.pk}"
