"""What a guide says of fees and days before a city is chosen."""

from datetime import date

import pytest
from django.urls import reverse

from apps.cards.enums import CardStatus
from apps.regions import wording
from apps.regions.enums import Service
from apps.regions.models import CityRule
from tests.factories.cards import make_card
from tests.factories.regions import change_rule, make_city

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
QINGDAO = {"code": "370200", "name": "青岛市"}


def said(service=Service.LOSS_REPORT, day=TODAY):
    return {n: str(r) for n, r in wording.ranges(CityRule.objects.offering(service, day)).items()}


def page(client, name):
    return client.get(reverse(name)).content.decode()


def test_where_all_cities_agree_there_is_one_value_with_its_unit():
    make_city()
    make_city(**QINGDAO)
    assert said() == {
        "postage_same_city_fen": "10元",
        "postage_same_province_fen": "12元",
        "postage_elsewhere_fen": "16元",
        "card_fee_fen": "0元",
        "produce_days": "10个工作日",
        "dispatch_days": "5个工作日",
        "collect_days": "5个工作日",
        "loss_report_days": "7个自然日",
    }


def test_where_they_differ_it_reads_from_the_least_to_the_most():
    make_city(postage_elsewhere_fen=1550)
    make_city(**QINGDAO, loss_report_days=5, postage_elsewhere_fen=2000)
    assert said()["loss_report_days"] == "5至7个自然日"
    assert said()["postage_elsewhere_fen"] == "15.50至20元"


def test_only_rules_in_force_of_cities_where_the_service_is_open_count(django_assert_num_queries):
    city = make_city(services=[Service.APPLY])
    change_rule(city, day=date(2026, 12, 1), loss_report_days=9)
    make_city(**QINGDAO, loss_report_days=5)
    with django_assert_num_queries(1):
        assert said()["loss_report_days"] == "5个自然日"
    assert said(Service.APPLY)["loss_report_days"] == "5至7个自然日"
    assert said(Service.APPLY, day=date(2026, 12, 1))["loss_report_days"] == "5至9个自然日"


def test_without_an_open_city_nothing_is_said(client):
    assert said() == {}
    for name in ("loss_report:guide", "application:guide", "replacement:guide"):
        assert "None" not in page(client, name)
        assert "个自然日" not in page(client, name)
        assert "同城" not in page(client, name)


def test_every_guide_says_what_the_rules_of_the_cities_say(client):
    make_city(loss_report_days=3, postage_same_city_fen=900, card_fee_fen=2000)
    assert ">3个自然日（确认时写明）" in page(client, "loss_report:guide")
    for name in ("application:guide", "replacement:guide"):
        assert "同城9元、省内12元、省外16元" in page(client, name)
    assert "工本费20元" in page(client, "replacement:guide")
    make_city(**QINGDAO)
    assert "有的城市另收工本费，最多20元" in page(client, "replacement:guide")


def test_who_has_a_card_reads_the_rule_of_its_city(client):
    make_city(**QINGDAO, loss_report_days=5, postage_same_city_fen=800)
    card = make_card(CardStatus.SEALED, city=make_city())  # with an active one the guide is skipped
    client.force_login(card.holder.user)
    assert ">7个自然日（确认时写明）" in page(client, "loss_report:guide")
    assert "同城10元" in page(client, "replacement:guide")
