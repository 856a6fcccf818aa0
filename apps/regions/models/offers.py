"""Which services and banks are open where, as periods that stay as history."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from apps.regions.enums import Service


class PeriodQuerySet(models.QuerySet):
    def open_on(self, day):
        not_over = Q(open_until=None) | Q(open_until__gte=day)
        return self.filter(not_over, open_from__lte=day)

    def overlapping(self, open_from, open_until):
        """Those with a day in common with `open_from` to `open_until` (None: for good)."""
        begins = Q() if open_until is None else Q(open_from__lte=open_until)
        return self.filter(begins, Q(open_until=None) | Q(open_until__gte=open_from))


class Period(models.Model):
    """From the first to the last day. Opening again makes a new row; the old one stays."""

    open_from = models.DateField("开通日期")
    open_until = models.DateField("停办日期", null=True, blank=True, help_text="这一天仍可办理")

    objects = PeriodQuerySet.as_manager()

    class Meta:
        abstract = True

    def is_open_on(self, day):
        return self.open_from <= day and (self.open_until is None or day <= self.open_until)


def _ends_after_it_opens(name):
    return models.CheckConstraint(
        condition=Q(open_until=None) | Q(open_until__gte=F("open_from")),
        name=name,
        violation_error_message="停办日期不能早于开通日期。",
    )


class BankQuerySet(models.QuerySet):
    def issuing_in(self, city, day):
        """The banks that issue the card in `city` (or its code) on `day`."""
        periods = CityBank.objects.open_on(day).filter(bank=OuterRef("pk"), city=city)
        return self.filter(Exists(periods))

    def offered_in(self, city, day):
        """What an applicant in `city` may choose on `day`.

        Only banks with branches all over the country take part: a holder who moves must find a
        counter for the bank function of the card.
        """
        return self.issuing_in(city, day).filter(has_nationwide_branches=True)


class Bank(models.Model):
    code = models.CharField(
        "代码", max_length=6, primary_key=True, help_text="客服电话，也是卡管系统中的银行代码"
    )
    name = models.CharField("名称", max_length=40, unique=True)
    has_nationwide_branches = models.BooleanField("有全国性服务网点", default=False)

    objects = BankQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "银行"
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9]{5,6}$"),
                name="bank_code_is_a_hotline",
                violation_error_message="银行代码应为 5 或 6 位的客服电话。",
            )
        ]

    def __str__(self):
        return self.name


class CityBank(Period):
    """A bank issues the card in a city; people see it while it has nationwide branches."""

    city = models.ForeignKey(
        "regions.City", models.CASCADE, related_name="city_banks", verbose_name="城市"
    )
    bank = models.ForeignKey(Bank, models.PROTECT, related_name="city_banks", verbose_name="银行")

    class Meta:
        verbose_name = verbose_name_plural = "城市的发卡银行"
        constraints = [
            models.UniqueConstraint(
                fields=["city", "bank"],
                condition=Q(open_until=None),
                name="bank_open_once_per_city",
                violation_error_message="这家银行在这个城市已经开通。",
            ),
            models.UniqueConstraint(
                fields=["city", "bank", "open_from"],
                name="bank_opens_once_a_day_per_city",
                violation_error_message="这家银行这一天已经在这个城市开通。",
            ),
            _ends_after_it_opens("bank_ends_after_it_opens"),
        ]

    def __str__(self):
        return f"发卡银行 {self.city_id}/{self.bank_id}"


class ServiceOpening(Period):
    """One of the five services in a city, with the days on which it is open."""

    city = models.ForeignKey(
        "regions.City", models.CASCADE, related_name="openings", verbose_name="城市"
    )
    service = models.CharField("服务", max_length=12, choices=Service)

    class Meta:
        verbose_name = verbose_name_plural = "开通的服务"
        constraints = [
            models.UniqueConstraint(
                fields=["city", "service"],
                condition=Q(open_until=None),
                name="service_open_once_per_city",
                violation_error_message="这个城市的这项服务已经开通。",
            ),
            models.UniqueConstraint(
                fields=["city", "service", "open_from"],
                name="service_opens_once_a_day_per_city",
                violation_error_message="这个城市的这项服务这一天已经开通。",
            ),
            models.CheckConstraint(
                condition=Q(service__in=Service.values), name="service_is_known"
            ),
            _ends_after_it_opens("service_ends_after_it_opens"),
        ]

    def __str__(self):
        return f"{self.city_id} {self.get_service_display()}"
