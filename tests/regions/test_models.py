from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from apps.regions.enums import Service
from apps.regions.models import Bank, City, Province, ServiceOpening
from tests.factories.regions import (
    OPEN_FROM,
    make_bank,
    make_city,
    make_own_authority,
    make_province,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)


def opening(city, open_from, open_until=None, service=Service.REPLACE):
    return ServiceOpening.objects.create(
        city=city, service=service, open_from=open_from, open_until=open_until
    )


@pytest.mark.parametrize(
    ("open_from", "open_until", "is_open"),
    [
        (TODAY, None, True),
        (TODAY + timedelta(1), None, False),
        (OPEN_FROM, TODAY, True),
        (OPEN_FROM, TODAY - timedelta(1), False),
    ],
)
def test_a_service_is_open_from_its_first_to_its_last_day(open_from, open_until, is_open):
    city = make_city(services=[])
    row = opening(city, open_from, open_until)

    assert row.is_open_on(TODAY) is is_open
    assert City.objects.offering(Service.REPLACE, TODAY).contains(city) is is_open


def test_another_open_service_does_not_open_this_one():
    city = make_city(services=[Service.APPLY])

    assert not City.objects.offering(Service.REPLACE, TODAY).exists()
    assert City.objects.offering(Service.APPLY, TODAY).get() == city


def test_a_city_where_nothing_was_ever_opened_does_not_issue():
    issuing = make_city()
    make_city("370200", "青岛市", services=[])

    assert list(City.objects.issuing()) == [issuing]


def test_the_own_authority_of_a_province_issues_but_receives_no_mail():
    authority = make_own_authority()

    assert City.objects.issuing().contains(authority)
    assert not City.objects.postal().contains(authority)
    assert authority.mails_from_code == "370100"
    assert authority.full_name == "山东省省本级"


def test_the_own_authority_is_listed_before_the_cities_of_its_province():
    make_city("370200", "青岛市")
    make_own_authority()

    assert [city.name for city in City.objects.in_order()] == ["省本级", "济南市", "青岛市"]


def test_a_municipality_is_named_once():
    city = make_city("110000", "北京市", province_name="北京市", is_municipality=True)

    assert city.full_name == "北京市"
    assert city.mails_from_code == "110000"


def test_only_banks_with_nationwide_branches_are_offered():
    regional = make_bank("96588", "青岛银行", has_nationwide_branches=False)
    nationwide = make_bank()
    make_bank("95599", "中国农业银行")
    city = make_city(banks=[regional, nationwide])

    assert list(Bank.objects.offered_in(city, TODAY)) == [nationwide]


def test_a_province_without_cities_receives_no_mail():
    make_province("710000", "台湾省")
    make_city()

    assert [p.code for p in Province.objects.with_postal_cities()] == ["370000"]


@pytest.mark.parametrize(
    "fields",
    [
        {"code": "32010", "province_id": "320000"},
        {"code": "320100", "province_id": "370000"},
        {"code": "370300", "province_id": "370000", "is_municipality": True},
    ],
)
def test_the_database_refuses_an_impossible_city(fields):
    make_province()
    make_province("320000", "江苏省")

    with pytest.raises(IntegrityError), transaction.atomic():
        City.objects.create(name="某市", **fields)


def test_a_service_cannot_end_before_it_opens():
    city = make_city(services=[])

    with pytest.raises(IntegrityError), transaction.atomic():
        opening(city, TODAY, TODAY - timedelta(1))


def test_a_wrong_province_is_explained_in_chinese():
    make_province()
    make_province("320000", "江苏省")
    city = City(code="320100", name="南京市", province_id="370000")

    with pytest.raises(ValidationError, match="前两位与所选省级地区不一致"):
        city.full_clean()


def test_a_municipality_with_a_code_of_its_own_is_explained_in_chinese():
    city = City(code="370300", name="淄博市", province=make_province(), is_municipality=True)

    with pytest.raises(ValidationError, match="直辖市的城市代码应与省级代码相同"):
        city.full_clean()
