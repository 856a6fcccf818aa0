"""The postage by issuing and receiving city."""

from datetime import date

import pytest

from apps.delivery import tariff
from apps.delivery.enums import Tier
from tests.factories.regions import make_city, make_own_authority

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)


def postage_fen(issuing, receiving):
    return tariff.fen_of(issuing.rule_on(TODAY), tariff.tier(issuing, receiving))


def jinan():
    return make_city()


def zibo():
    return make_city("370300", "淄博市")


def beijing():
    return make_city("110000", "北京市", province_name="北京市", is_municipality=True)


def shanghai():
    return make_city("310000", "上海市", province_name="上海市", is_municipality=True)


@pytest.mark.parametrize(
    ("issuing", "receiving", "tier", "fen"),
    [
        (jinan, jinan, Tier.SAME_CITY, 1000),
        (jinan, zibo, Tier.SAME_PROVINCE, 1200),
        (jinan, beijing, Tier.ELSEWHERE, 1600),
        (make_own_authority, jinan, Tier.SAME_CITY, 1000),
        (make_own_authority, zibo, Tier.SAME_PROVINCE, 1200),
        (beijing, beijing, Tier.SAME_CITY, 1000),
        (beijing, shanghai, Tier.ELSEWHERE, 1600),
    ],
)
def test_the_postage_follows_from_the_two_cities(issuing, receiving, tier, fen):
    pair = issuing(), receiving()
    assert tariff.tier(*pair) == tier
    assert postage_fen(*pair) == fen


def test_the_amounts_are_those_of_the_issuing_city():
    issuing = make_city("370300", "淄博市", postage_same_province_fen=1350)
    assert postage_fen(issuing, jinan()) == 1350
    assert postage_fen(jinan(), issuing) == 1200


def test_a_pickup_is_free():
    assert tariff.fen_of(jinan().rule_on(TODAY), Tier.FREE) == 0
