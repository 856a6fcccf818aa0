"""The fees, working days and ways of delivery of a city, as versions with a first day."""

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, Max, Min, OuterRef, Q

from apps.regions.models.offers import ServiceOpening


class CityRuleQuerySet(models.QuerySet):
    def in_force(self, day):
        """Of each city the version that is in force on `day`."""
        later = CityRule.objects.filter(
            city=OuterRef("city"), valid_from__gt=OuterRef("valid_from"), valid_from__lte=day
        )
        return self.filter(~Exists(later), valid_from__lte=day)

    def offering(self, service, day):
        """Those in force on `day` in the cities where `service` is open on that day."""
        openings = ServiceOpening.objects.open_on(day).filter(
            city=OuterRef("city"), service=service
        )
        return self.in_force(day).filter(Exists(openings))

    def extremes(self):
        """Column → (least, most) of all amounts and days, None where there is no rule."""
        found = self.aggregate(
            **{f"least_{name}": Min(name) for name in CityRule.NUMBERS},
            **{f"most_{name}": Max(name) for name in CityRule.NUMBERS},
        )
        return {name: (found[f"least_{name}"], found[f"most_{name}"]) for name in CityRule.NUMBERS}

    def collected(self):
        """(how many of these say that the unit collects the cards, how many there are)."""
        by_unit = Count("pk", filter=Q(is_collected_by_unit=True))
        return tuple(self.aggregate(by_unit=by_unit, all=Count("pk")).values())


class CityRule(models.Model):
    """Fees, working days and ways of delivery of a city from `valid_from` until the next version.

    A version is never edited. A change is a new version, and only one that has not begun may be
    deleted. Loaded versions have no author.
    """

    FEES = (
        "postage_same_city_fen",
        "postage_same_province_fen",
        "postage_elsewhere_fen",
        "card_fee_fen",
    )
    DAYS = ("produce_days", "dispatch_days", "collect_days", "loss_report_days")
    NUMBERS = (*FEES, *DAYS)
    WAYS = ("is_collected_by_unit",)  # yes or no
    TERMS = (*NUMBERS, *WAYS)

    city = models.ForeignKey(
        "regions.City", models.CASCADE, related_name="rules", verbose_name="城市"
    )
    valid_from = models.DateField("生效日期", help_text="从这一天 0:00 起")
    postage_same_city_fen = models.PositiveIntegerField("同城邮寄费（分）", default=1000)
    postage_same_province_fen = models.PositiveIntegerField("省内邮寄费（分）", default=1200)
    postage_elsewhere_fen = models.PositiveIntegerField("省外邮寄费（分）", default=1600)
    card_fee_fen = models.PositiveIntegerField("补换工本费（分）", default=0)
    produce_days = models.PositiveSmallIntegerField(
        "承诺制卡时限", default=10, help_text="工作日，从受理到制卡成功"
    )
    dispatch_days = models.PositiveSmallIntegerField(
        "承诺发出时限", default=5, help_text="工作日，从制卡成功到发出"
    )
    collect_days = models.PositiveSmallIntegerField(
        "预计送达时限", default=5, help_text="工作日，从发出到领取"
    )
    loss_report_days = models.PositiveSmallIntegerField(
        "临时挂失天数", default=7, help_text="自然日，挂失当天不计"
    )
    is_collected_by_unit = models.BooleanField(
        "单位统一领取",
        default=False,
        db_default=False,
        help_text="制卡中心把卡装箱发到单位，由单位发到本人手里，不收邮寄费",
    )
    note = models.CharField("变更原因", max_length=300, blank=True)
    created_at = models.DateTimeField("录入时间", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="录入人",
    )

    objects = CityRuleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "资费与时限"
        constraints = [
            models.UniqueConstraint(
                fields=["city", "valid_from"],
                name="one_rule_begins_a_day_per_city",
                violation_error_message="这个城市这一天已经有一个版本。",
            ),
            models.CheckConstraint(
                condition=Q(loss_report_days__gte=1),
                name="loss_report_lasts_a_day_or_more",
                violation_error_message="临时挂失天数至少为 1 天。",
            ),
            models.CheckConstraint(
                condition=Q(created_at__isnull=True, created_by__isnull=True)
                | Q(created_at__isnull=False, created_by__isnull=False),
                name="rule_is_loaded_or_has_its_author",
            ),
        ]

    def __str__(self):
        return f"资费与时限 {self.city_id} {self.valid_from}"

    @property
    def terms(self):
        """Name of the column → value, for all fees, days and ways of delivery."""
        return {name: getattr(self, name) for name in self.TERMS}
