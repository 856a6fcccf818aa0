"""That somebody looked at the full personal data of a case or a person."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.cards.models import CardRequest
from apps.people.models import Guardianship, Holder


class Disclosure(models.Model):
    """A reviewer was shown the unmasked data of a request, a claimed guardianship or a person.

    Written before they are shown.
    """

    request = models.ForeignKey(
        CardRequest,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="disclosures",
        verbose_name="申请",
    )
    guardianship = models.ForeignKey(
        Guardianship,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="disclosures",
        verbose_name="监护关系",
    )
    holder = models.ForeignKey(
        Holder,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="disclosures",
        verbose_name="持卡人",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="查看人"
    )
    at = models.DateTimeField("查看时间")
    what = models.CharField("查看内容", max_length=100)
    reason = models.CharField("查看原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "完整信息查看记录"
        constraints = [
            models.CheckConstraint(
                condition=Q(request__isnull=False, guardianship=None, holder=None)
                | Q(request=None, guardianship__isnull=False, holder=None)
                | Q(request=None, guardianship=None, holder__isnull=False),
                name="disclosure_names_its_case",
            ),
        ]

    def __str__(self):
        return f"查看记录 #{self.pk}"
