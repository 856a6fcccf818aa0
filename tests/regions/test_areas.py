from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertTemplateUsed

from apps.common.moments import day_of
from apps.common.templatetags.formats import day as day_words
from apps.regions.enums import Service
from apps.regions.models import ServiceOpening
from tests.factories.regions import (
    make_bank,
    make_city,
    make_city_bank,
    make_own_authority,
    make_province,
)
from tests.shown import words_of

pytestmark = pytest.mark.django_db

URL = reverse("regions:areas")
HTMX = {"HX-Request": "true"}


def look_up(client, *, headers=None, **query):
    return client.get(URL, query, headers=headers)


def shown(response):
    """{"社会保障卡申领": "已开通", …} as the context tells the template."""
    return {row["service"]: row["standing"].is_open for row in response.context["rows"]}


def test_a_visitor_who_is_not_signed_in_sees_the_provinces(client):
    make_city()

    response = look_up(client)

    assertTemplateUsed(response, "regions/areas.html")
    assertContains(response, '<option value="370000">山东省</option>', html=True)
    assertContains(response, "请选择省份和城市")
    assertNotContains(response, "没有找到")


def test_the_first_step_without_javascript_brings_the_cities_and_no_error(client):
    make_own_authority()

    response = look_up(client, province="370000", city="")

    assertContains(response, '<option value="379900">省本级</option>', html=True)
    assertNotContains(response, "请选择城市。")


def test_a_link_to_a_city_shows_its_services_and_banks_with_hotlines(client):
    make_city(services=[Service.ACTIVATE, Service.PROGRESS], banks=[make_bank()])

    response = look_up(client, province="370000", city="370100")

    assert shown(response) == {
        Service.APPLY: False,
        Service.ACTIVATE: True,
        Service.REPLACE: False,
        Service.LOSS_REPORT: False,
        Service.PROGRESS: True,
    }
    assertContains(response, ">已开通</span>", count=2)
    assertContains(response, ">未开通</span>", count=3)
    assertContains(response, '<a href="tel:95533">95533</a>', html=True)
    assertNotContains(response, "办理时限和邮寄费")


def test_a_city_that_sends_cards_shows_its_days_and_postage(client):
    make_city(produce_days=3, postage_elsewhere_fen=1650)

    response = look_up(client, province="370000", city="370100")

    assertContains(response, "3 个工作日内")
    assertContains(response, "<dt>寄到同城</dt><dd>10.00 元</dd>", html=True)
    assertContains(response, "<dt>寄到省外</dt><dd>16.50 元</dd>", html=True)


def test_a_service_that_opens_later_names_its_day(client):
    city = make_city(services=[])
    day = day_of(timezone.now()) + timedelta(days=40)
    ServiceOpening.objects.create(city=city, service=Service.REPLACE, open_from=day)

    response = look_up(client, province="370000", city="370100")

    assert f"{day_words(day)}起开通" in words_of(response)


def test_a_service_that_has_ended_is_not_open_and_says_since_when(client):
    city = make_city(services=[])
    last = day_of(timezone.now()) - timedelta(days=1)
    ServiceOpening.objects.create(
        city=city, service=Service.APPLY, open_from=date(2021, 12, 1), open_until=last
    )

    response = look_up(client, province="370000", city="370100")

    assert not any(shown(response).values())
    assertContains(response, ">未开通</span>", count=4)
    assertContains(response, ">已停办</span>", count=1)
    assert f"最后一天是{day_words(last)}" in words_of(response)


def test_a_service_that_will_close_names_its_last_day(client):
    city = make_city()
    day = day_of(timezone.now()) + timedelta(days=40)
    ServiceOpening.objects.filter(city=city, service=Service.APPLY).update(open_until=day)

    response = look_up(client, province="370000", city="370100")

    assert shown(response)[Service.APPLY]
    assert f"{day_words(day)}后停办" in words_of(response)


def test_a_service_that_opens_again_names_its_day(client):
    city = make_city()
    day = day_of(timezone.now()) + timedelta(days=40)
    apply = ServiceOpening.objects.filter(city=city, service=Service.APPLY)
    apply.update(open_until=date(2025, 1, 1))
    ServiceOpening.objects.create(city=city, service=Service.APPLY, open_from=day)

    response = look_up(client, province="370000", city="370100")

    assert not shown(response)[Service.APPLY]
    assert f"{day_words(day)}起开通" in words_of(response)


def test_a_bank_without_nationwide_branches_is_not_shown(client):
    make_city(banks=[make_bank("96588", "青岛银行", has_nationwide_branches=False)])

    response = look_up(client, province="370000", city="370100")

    assertNotContains(response, "青岛银行")
    assertContains(response, "还没有银行开通")


def test_a_link_may_leave_the_province_out(client):
    make_city()

    response = look_up(client, city="370100")

    assert response.context["city"].name == "济南市"
    assertContains(response, '<option value="370000" selected>山东省</option>', html=True)


@pytest.mark.parametrize("left_over", ["", "370100"])
def test_a_municipality_needs_no_choice_of_a_city(client, left_over):
    make_city()
    make_city("110000", "北京市", province_name="北京市", is_municipality=True)

    response = look_up(client, province="110000", city=left_over)

    assert response.context["city"].name == "北京市"


def test_choosing_another_province_drops_the_old_city_without_an_error(client):
    make_city()
    make_city("320100", "南京市", province_name="江苏省")
    make_city("320200", "无锡市", province_name="江苏省")

    response = look_up(client, province="320000", city="370100")

    assert response.context["city"] is None
    assertContains(response, "南京市")
    assertNotContains(response, "这个城市不在所选的省份内")


def test_a_province_without_cities_says_so(client):
    make_province("710000", "台湾省")

    assertContains(look_up(client, province="710000"), "台湾省还没有开通")


def test_clearing_the_province_starts_again(client):
    make_city()

    response = look_up(client, province="", city="370100")

    assert response.context["city"] is None
    assertContains(response, "请选择省份和城市")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"province": "990000"}, "没有找到这个省份"),
        ({"province": "370000", "city": "370199"}, "这个城市不在所选的省份内"),
        ({"province": "3700'--"}, "没有找到这个省份"),
        ({"city": "３７０１００"}, "没有找到这个省份"),
        ({"province": "\x00", "city": "\x00"}, "看不见的字符"),
        ({"province": "1" * 5000}, "没有找到这个省份"),
    ],
)
def test_a_wrong_code_gets_a_sentence(client, query, message):
    make_city()
    make_city("370200", "青岛市")

    assertContains(look_up(client, **query), message)


def test_htmx_gets_the_very_part_of_the_page(client):
    make_city()
    query = {"province": "370000", "city": "370100"}

    page = look_up(client, **query)
    part = look_up(client, headers=HTMX, **query)

    assertTemplateUsed(part, "regions/_areas.html")
    assert "<html" not in part.text
    assert part.text.strip() in page.text
    assert "HX-Request" in part["Vary"]


def test_the_address_bar_never_keeps_a_city_of_another_province(client):
    make_city()
    make_city("320100", "南京市", province_name="江苏省")
    make_city("320200", "无锡市", province_name="江苏省")

    stale = look_up(client, headers=HTMX, province="320000", city="370100")
    whole = look_up(client, headers=HTMX, province="320000", city="320100")

    assert stale["HX-Push-Url"] == f"{URL}?province=320000"
    assert whole["HX-Push-Url"] == f"{URL}?province=320000&city=320100"


def test_going_back_in_the_history_gets_the_whole_page(client):
    make_city()

    page = look_up(client, headers=HTMX | {"HX-History-Restore-Request": "true"})

    assertTemplateUsed(page, "regions/areas.html")


def test_the_page_takes_no_more_queries_for_more_rows(client, django_assert_num_queries):
    def count(expected):
        with django_assert_num_queries(expected):
            look_up(client, province="370000", city="370100")

    make_city(services=[Service.APPLY])
    count(7)
    make_city("370200", "青岛市")
    city = make_own_authority()
    make_city_bank(city, make_bank("95588", "中国工商银行"))
    count(7)


def test_only_reading_is_allowed(client):
    assert client.post(URL).status_code == 405
