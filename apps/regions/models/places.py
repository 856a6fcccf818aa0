"""Provinces, cities and counties after GB/T 2260.

The codes are the primary keys: they are public, never change, and make links readable.
"""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Concat, Substr

from apps.regions.models.offers import ServiceOpening

CODE_HELP = "GB/T 2260 行政区划代码，6 位数字"


def province_code_of(code):
    """The province of a city or county, told by the first two digits of its code."""
    return f"{code[:2]}0000"


def _six_digits(name):
    return models.CheckConstraint(
        condition=Q(code__regex=r"^[0-9]{6}$"),
        name=name,
        violation_error_message="地区代码应为 6 位数字。",
    )


class ProvinceQuerySet(models.QuerySet):
    def with_postal_cities(self):
        """Those to which a card can be mailed: they have at least one city."""
        return self.filter(Exists(City.objects.postal().filter(province=OuterRef("pk"))))


class Province(models.Model):
    code = models.CharField("代码", max_length=6, primary_key=True, help_text=CODE_HELP)
    name = models.CharField("名称", max_length=30)

    objects = ProvinceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "省级地区"
        constraints = [_six_digits("province_code_is_six_digits")]

    def __str__(self):
        return self.name


class CityQuerySet(models.QuerySet):
    def issuing(self):
        """The authorities that issue cards here: at least one service was ever opened."""
        return self.filter(Exists(ServiceOpening.objects.filter(city=OuterRef("pk"))))

    def open_on(self, day):
        """Those in which at least one service is open on `day`."""
        return self.filter(Exists(ServiceOpening.objects.open_on(day).filter(city=OuterRef("pk"))))

    def offering(self, service, day):
        """Where `service` is open on `day`."""
        openings = ServiceOpening.objects.open_on(day).filter(city=OuterRef("pk"), service=service)
        return self.filter(Exists(openings))

    def postal(self):
        """Those that can be in a postal address, which an authority without a territory cannot."""
        return self.filter(seat_code="")

    def in_order(self):
        """The province's own authority first, then by code."""
        return self.order_by("province", "-seat_code", "code")


class City(models.Model):
    """An issuing authority and, mostly, a place.

    A prefecture, a municipality (one city under the code of its province), or a county run directly
    by its province. 省本级 issues cards but has no territory: its `seat_code` names the city it
    mails from. GB/T 2260 gives prefectures the digits 01 to 70 and 90, so 省本级 takes 99.
    """

    code = models.CharField("代码", max_length=6, primary_key=True, help_text=CODE_HELP)
    name = models.CharField("名称", max_length=40)
    province = models.ForeignKey(
        Province, models.PROTECT, related_name="cities", verbose_name="省级地区"
    )
    is_municipality = models.BooleanField("直辖市", default=False)
    seat_code = models.CharField(
        "驻地城市代码",
        max_length=6,
        blank=True,
        help_text="只有省本级填写：邮寄费按这个城市计算，省本级不出现在收件地址中",
    )

    objects = CityQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "城市"
        constraints = [
            _six_digits("city_code_is_six_digits"),
            models.CheckConstraint(
                condition=Q(province=Concat(Substr("code", 1, 2), Value("0000"))),
                name="city_lies_in_its_province",
                violation_error_message="城市代码的前两位与所选省级地区不一致。",
            ),
            models.CheckConstraint(
                condition=Q(is_municipality=False) | Q(code=F("province"), seat_code=""),
                name="municipality_has_the_code_of_its_province",
                violation_error_message="直辖市的城市代码应与省级代码相同，且没有驻地城市。",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def mails_from_code(self):
        """Code of the city where this authority's parcels start; compare it for the postage."""
        return self.seat_code or self.code

    @property
    def full_name(self):
        """山东省济南市, 北京市, 山东省省本级. Select `province` along."""
        name = self.name.removeprefix(self.province.name)
        return self.province.name + name

    def rule_on(self, day):
        """The `CityRule` in force on `day`: a query."""
        return self.rules.filter(valid_from__lte=day).latest("valid_from")


class County(models.Model):
    code = models.CharField("代码", max_length=6, primary_key=True, help_text=CODE_HELP)
    name = models.CharField("名称", max_length=40)
    city = models.ForeignKey(City, models.PROTECT, related_name="counties", verbose_name="城市")

    class Meta:
        verbose_name = verbose_name_plural = "区县"
        constraints = [_six_digits("county_code_is_six_digits")]

    def __str__(self):
        return self.name
