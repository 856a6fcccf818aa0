"""How long the stages really took."""

from django.db import models
from django.db.models import F, Q

from apps.cards.enums import Stage
from apps.regions.models import Bank, City


class StageDuration(models.Model):
    """Working days that a stage took in a city, for one of its banks or for all of them together.

    Written by apps.reporting only; the pages read it.
    """

    city = models.ForeignKey(City, models.CASCADE, related_name="+", verbose_name="申领地区")
    bank = models.ForeignKey(
        Bank,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="发卡银行",
        help_text="留空：该地区全部银行合计",
    )
    stage = models.CharField("环节", max_length=8, choices=Stage)
    median_days = models.PositiveSmallIntegerField("中位数", help_text="工作日")
    p90_days = models.PositiveSmallIntegerField("九成在此之内", help_text="工作日")
    sample = models.PositiveIntegerField("件数")
    computed_at = models.DateTimeField("统计时间")

    class Meta:
        verbose_name = verbose_name_plural = "办理用时"
        constraints = [
            models.UniqueConstraint(
                fields=["city", "bank", "stage"], name="one_duration_per_city_bank_and_stage"
            ),
            # NULL is never equal to NULL, so the rows of a whole city need their own.
            models.UniqueConstraint(
                fields=["city", "stage"],
                condition=Q(bank__isnull=True),
                name="one_duration_per_city_and_stage",
            ),
            models.CheckConstraint(
                condition=Q(p90_days__gte=F("median_days"), sample__gte=1),
                name="duration_is_a_distribution",
            ),
        ]

    def __str__(self):
        return f"办理用时 #{self.pk}"
