"""Provinces, cities and counties after GB/T 2260, banks, and which services are open where.

The codes are the primary keys: they are public, never change, and make links readable.
"""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Concat, Substr

from apps.regions.enums import Service

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
        """Those to which a card can be mailed, that is, of which we know at least one city."""
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


class BankQuerySet(models.QuerySet):
    def offered_in(self, city):
        """What an applicant in `city` may choose.

        Only banks with branches all over the country take part: a holder who moves must find a
        counter for the bank function of the card.
        """
        return self.filter(city_banks__city=city, has_nationwide_branches=True)


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


class CityQuerySet(models.QuerySet):
    def issuing(self):
        """The authorities that issue cards here: at least one service was ever opened."""
        return self.filter(Exists(ServiceOpening.objects.filter(city=OuterRef("pk"))))

    def offering(self, service, on):
        """Where `service` is open on the day `on`."""
        openings = ServiceOpening.objects.open_on(on).filter(city=OuterRef("pk"), service=service)
        return self.filter(Exists(openings))

    def postal(self):
        """What can stand in a receiving address: an authority without a territory cannot."""
        return self.filter(seat_code="")

    def in_order(self):
        """As people look for them: the province's own authority first, then by code."""
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
    banks: "models.ManyToManyField[Bank, CityBank]" = models.ManyToManyField(
        Bank, through="CityBank", related_name="cities", verbose_name="发卡银行"
    )
    loss_report_days = models.PositiveSmallIntegerField(
        "临时挂失天数", default=7, help_text="自然日，挂失当天不计"
    )
    produce_days = models.PositiveSmallIntegerField(
        "承诺制卡时限", default=10, help_text="工作日，从受理到制卡成功"
    )
    dispatch_days = models.PositiveSmallIntegerField(
        "承诺发出时限", default=5, help_text="工作日，从制卡成功到发出"
    )
    collect_days = models.PositiveSmallIntegerField(
        "预计送达时限", default=5, help_text="工作日，从发出到领取"
    )
    card_fee_fen = models.PositiveIntegerField("补换工本费（分）", default=0)
    postage_same_city_fen = models.PositiveIntegerField("同城邮寄费（分）", default=1000)
    postage_same_province_fen = models.PositiveIntegerField("省内邮寄费（分）", default=1200)
    postage_elsewhere_fen = models.PositiveIntegerField("省外邮寄费（分）", default=1600)

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
            models.CheckConstraint(
                condition=Q(loss_report_days__gte=1),
                name="loss_report_lasts_a_day_or_more",
                violation_error_message="临时挂失天数至少为 1 天。",
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


class County(models.Model):
    code = models.CharField("代码", max_length=6, primary_key=True, help_text=CODE_HELP)
    name = models.CharField("名称", max_length=40)
    city = models.ForeignKey(City, models.PROTECT, related_name="counties", verbose_name="城市")

    class Meta:
        verbose_name = verbose_name_plural = "区县"
        constraints = [_six_digits("county_code_is_six_digits")]

    def __str__(self):
        return self.name


class CityBank(models.Model):
    """A bank that issues the card in a city; people see it while it has nationwide branches."""

    city = models.ForeignKey(City, models.CASCADE, related_name="city_banks", verbose_name="城市")
    bank = models.ForeignKey(Bank, models.PROTECT, related_name="city_banks", verbose_name="银行")

    class Meta:
        verbose_name = verbose_name_plural = "城市的发卡银行"
        constraints = [
            models.UniqueConstraint(
                fields=["city", "bank"],
                name="bank_once_per_city",
                violation_error_message="这个城市已经有这家银行。",
            )
        ]

    def __str__(self):
        return f"发卡银行 {self.city_id}/{self.bank_id}"


class ServiceOpeningQuerySet(models.QuerySet):
    def open_on(self, day):
        not_over = Q(open_until=None) | Q(open_until__gte=day)
        return self.filter(not_over, open_from__lte=day)


class ServiceOpening(models.Model):
    """One of the five services in a city, with the days on which it is open."""

    city = models.ForeignKey(City, models.CASCADE, related_name="openings", verbose_name="城市")
    service = models.CharField("服务", max_length=12, choices=Service)
    open_from = models.DateField("开通日期")
    open_until = models.DateField("停办日期", null=True, blank=True, help_text="这一天仍可办理")

    objects = ServiceOpeningQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "开通的服务"
        constraints = [
            models.UniqueConstraint(
                fields=["city", "service"],
                name="service_once_per_city",
                violation_error_message="这个城市已经有这项服务，请直接修改它的日期。",
            ),
            models.CheckConstraint(
                condition=Q(service__in=Service.values), name="service_is_known"
            ),
            models.CheckConstraint(
                condition=Q(open_until=None) | Q(open_until__gte=F("open_from")),
                name="service_ends_after_it_opens",
                violation_error_message="停办日期不能早于开通日期。",
            ),
        ]

    def __str__(self):
        return f"{self.city_id} {self.get_service_display()}"

    def is_open_on(self, day):
        return self.open_from <= day and (self.open_until is None or day <= self.open_until)
