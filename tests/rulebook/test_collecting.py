"""Whether the unit collects the cards of a city: typed, previewed, confirmed, said."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.cards.enums import RequestStatus
from tests.book import desk_events
from tests.factories.cards import make_draft, make_request
from tests.factories.payments import UNIT, go_on_addressed
from tests.factories.regions import let_the_unit_collect, make_city
from tests.rulebook.steps import LIST, NOTE, RULE, confirm, reached, typed, url

pytestmark = pytest.mark.django_db


def test_a_supervisor_sets_it_from_a_day_on(boss, supervisor, city, today, later):
    data = typed(later, is_collected_by_unit="yes")
    assertRedirects(confirm(boss, RULE, data), url("change"))

    assert not city.rule_on(today).is_collected_by_unit
    assert city.rule_on(later).is_collected_by_unit
    event = desk_events().get()
    assert (event.by, event.reason) == (supervisor, NOTE)
    assert event.facts["after"] == {"is_collected_by_unit": True}
    assertContains(boss.get(url("change")), "单位统一领取 不提供 → 提供")


def test_the_preview_says_for_whom_it_is_something_new(boss, city, later):
    make_draft()
    for status in (RequestStatus.SUBMITTED, RequestStatus.ACCEPTED):
        make_request(status)
    response = boss.post(RULE, typed(later, is_collected_by_unit="yes"))
    assert reached(response) == {
        "正在填写的草稿": 1,
        "已提交、未缴费": 1,
        "已缴费、正在办理": 1,
    }
    assertContains(response, "生效以后提交的，可以选单位统一领取。")
    assertNotContains(response, "资费和时限。")


def test_the_preview_of_its_end_says_that_who_chose_it_keeps_it(boss, later):
    let_the_unit_collect()
    go_on_addressed(make_request(RequestStatus.SUBMITTED), RequestStatus.ACCEPTED, **UNIT)
    make_request(RequestStatus.ACCEPTED)
    response = boss.post(RULE, typed(later, is_collected_by_unit="no"))
    assert reached(response) == {"选了单位统一领取、正在办理": 1}
    assertContains(response, "卡仍然发到单位")


def test_what_is_left_empty_stays(boss, later):
    city = let_the_unit_collect()
    confirm(boss, RULE, typed(later, produce_days="8"))
    assert city.rule_on(later).is_collected_by_unit


def test_the_list_says_where(boss, city):
    make_city("370300", "淄博市", is_collected_by_unit=True)
    assertContains(boss.get(LIST), '<td data-label="单位统一领取">提供</td>', count=1, html=True)
    several = boss.get(RULE, {"cities": ["370100", "370300"]})
    assertContains(several, "现在 各地不同。")


def test_guide_and_look_up_say_it_where_it_is_so(client, city, today):
    pages = [
        reverse("application:guide"),
        reverse("replacement:guide") + "?all",
        reverse("regions:areas") + "?city=370100",
    ]
    for page in pages:
        assertNotContains(client.get(page), "单位统一领取")
    let_the_unit_collect(city, day=today)
    for page in pages:
        assertContains(client.get(page), "单位统一领取")
