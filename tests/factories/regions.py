"""Provinces, cities, counties and banks. The same code gives the same row."""

from datetime import date, timedelta

from apps.common.moments import start_of
from apps.regions import services
from apps.regions.enums import Service
from apps.regions.models import (
    Bank,
    City,
    CityBank,
    CityRule,
    County,
    Province,
    ServiceOpening,
    province_code_of,
)
from tests.factories.people import make_user
from tests.factories.recorded import recorded

OPEN_FROM = date(2021, 12, 1)
RULES_FROM = date(2000, 1, 1)  # long before any test begins


def make_province(code="370000", name="山东省"):
    province, _ = Province.objects.get_or_create(code=code, defaults={"name": name})
    return province


def make_bank(code="95533", name="中国建设银行", *, has_nationwide_branches=True):
    bank, _ = Bank.objects.get_or_create(
        code=code, defaults={"name": name, "has_nationwide_branches": has_nationwide_branches}
    )
    return bank


@recorded
def make_city(
    code="370100",
    name="济南市",
    *,
    province_name="山东省",
    services=tuple(Service),
    banks=None,
    **fields,
):
    """A city, all five services open and 建设银行 offered unless told otherwise.

    The province of another code than 37… needs its name. `fields`: see City and, for the rule that
    has held since `RULES_FROM`, CityRule: `produce_days=2` …
    """
    known = City.objects.filter(code=code).first()
    if known is not None:
        return known
    province = make_province(province_code_of(code), province_name)
    terms = {term: fields.pop(term) for term in CityRule.TERMS if term in fields}
    city = City.objects.create(code=code, name=name, province=province, **fields)
    CityRule.objects.create(city=city, valid_from=RULES_FROM, **terms)
    for bank in [make_bank()] if banks is None else banks:
        make_city_bank(city, bank)
    ServiceOpening.objects.bulk_create(
        ServiceOpening(city=city, service=service, open_from=OPEN_FROM) for service in services
    )
    return city


def make_city_bank(city, bank, *, open_from=OPEN_FROM, open_until=None):
    return CityBank.objects.create(city=city, bank=bank, open_from=open_from, open_until=open_until)


def make_own_authority(**options):
    """省本级 of 山东, mailing from 济南市, which is made along."""
    make_city()
    return make_city("379900", "省本级", seat_code="370100", **options)


def make_county(code="370102", name="历下区", *, city=None):
    county, _ = County.objects.get_or_create(
        code=code, defaults={"name": name, "city": city or make_city()}
    )
    return county


def let_the_unit_collect(city=None, *, day=None):
    """From `day` on the unit collects the cards of `city`: 济南市, since before any test begins."""
    city = city or make_city()
    first_day = city.rules.earliest("valid_from").valid_from
    change_rule(city, day=day or first_day + timedelta(days=1), is_collected_by_unit=True)
    return city


def change_rule(city, *, day, **terms):
    """A version of the rule of `city` that begins on `day`, on which it was entered."""
    at = start_of(day) + timedelta(minutes=1)
    return services.add_rule(
        city=city, valid_from=day, changes=terms, note="", by=make_user(is_staff=True), at=at
    )
