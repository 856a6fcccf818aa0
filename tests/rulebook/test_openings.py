"""Services and banks, opened and closed from a day on."""

from datetime import timedelta

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from apps.cards.enums import CardStatus, RequestStatus
from apps.regions.enums import Service
from apps.regions.models import City
from tests.book import desk_events
from tests.factories.cards import make_card, make_draft, make_request
from tests.factories.formal_losses import make_lost_card
from tests.factories.regions import make_bank, make_city_bank
from tests.rulebook.steps import NOTE, confirm, reached, url

pytestmark = pytest.mark.django_db


def test_a_service_is_closed_with_a_last_day_and_opened_again(boss, city, today, later):
    closing = {"what": "APPLY", "open_until": f"{today:%Y-%m-%d}", "note": "系统升级"}
    assertRedirects(confirm(boss, url("close_service"), closing), url("change"))
    opening = {"what": "APPLY", "open_from": f"{later:%Y-%m-%d}", "note": "恢复"}
    confirm(boss, url("open_service"), opening)

    tomorrow = today + timedelta(days=1)
    offered = [
        City.objects.offering(Service.APPLY, day).exists() for day in (today, tomorrow, later)
    ]
    assert offered == [True, False, True]
    kinds = desk_events().order_by("pk").values_list("facts__what", flat=True)
    assert list(kinds) == ["service_closed", "service_opened"]


def test_closing_the_application_names_the_drafts_that_must_choose_anew(boss, city, later):
    make_draft()
    make_request(RequestStatus.APPROVED)
    closing = {"what": "APPLY", "open_until": f"{later:%Y-%m-%d}", "note": NOTE}

    response = boss.post(url("close_service"), closing)

    assert reached(response) == {"正在填写的申领草稿": 1, "已提交的申请": 1}
    assert [group.must_act for group in response.context["preview"].groups] == [True, False]


@pytest.mark.parametrize(
    ("service", "make", "title"),
    [
        ("ACTIVATE", lambda: make_card(CardStatus.SEALED), "待启用的社保卡"),
        ("REPLACE", make_lost_card, "已正式挂失的社保卡"),
        ("LOSS_REPORT", make_card, "正常使用的社保卡"),
        ("PROGRESS", lambda: make_request(RequestStatus.PAID), "在办的申请"),
    ],
)
def test_closing_any_service_names_those_who_counted_on_it(boss, city, later, service, make, title):
    make()
    closing = {"what": service, "open_until": f"{later:%Y-%m-%d}", "note": NOTE}
    assert reached(boss.post(url("close_service"), closing)) == {title: 1}


def test_a_bank_is_added_and_closed_from_a_day_on(boss, city, today, later):
    icbc = make_bank("95588", "中国工商银行")
    opening = {"what": icbc.pk, "open_from": f"{today:%Y-%m-%d}", "note": NOTE}
    confirm(boss, url("open_bank"), opening)
    make_draft(bank=icbc)
    closing = {"what": icbc.pk, "open_until": f"{later:%Y-%m-%d}", "note": NOTE}

    preview = boss.post(url("close_bank"), closing)
    assert reached(preview) == {"选了这家银行的草稿": 1}
    confirm(boss, url("close_bank"), closing)

    assert city.city_banks.get(bank=icbc).open_until == later
    assertContains(boss.get(url("change")), "停办中国工商银行")


def test_an_opening_that_has_not_begun_can_be_taken_back(boss, city, later):
    icbc = make_bank("95588", "中国工商银行")
    period = make_city_bank(city, icbc, open_from=later)

    confirm(boss, url("withdraw_opening", "bank", period.pk), {"note": "推迟"})

    assert not city.city_banks.filter(bank=icbc).exists()
    assert boss.get(url("withdraw_opening", "cinema", 1)).status_code == 404


@pytest.mark.parametrize(
    ("name", "values", "sentence"),
    [
        ("open_service", {"what": "APPLY", "open_from": "today"}, "日期不能重叠"),
        ("open_service", {"what": "CINEMA", "open_from": "today"}, "请从列表中选择服务。"),
        ("close_service", {"what": "APPLY", "open_until": ""}, "请填写日期。"),
        ("close_service", {"what": "APPLY", "open_until": "2020-01-01"}, "不能早于今天"),
        ("close_bank", {"what": "95588", "open_until": "today"}, "没有开通，不用停办"),
        ("open_bank", {"what": "99999", "open_from": "today"}, "请从列表中选择银行。"),
    ],
)
def test_a_wrong_period_is_explained(boss, city, today, name, values, sentence):
    make_bank("95588", "中国工商银行")
    data = {
        field: f"{today:%Y-%m-%d}" if value == "today" else value for field, value in values.items()
    }
    assertContains(boss.post(url(name), data | {"note": NOTE}), sentence)


def test_everything_that_is_under_way_goes_on_after_a_closing(boss, city, today):
    submitted = make_request(RequestStatus.SUBMITTED)
    confirm(
        boss,
        url("close_service"),
        {"what": "APPLY", "open_until": f"{today:%Y-%m-%d}", "note": NOTE},
    )
    boss.force_login(submitted.applicant)
    address = reverse("application:shipping", args=[submitted.reference])
    assert boss.get(address).status_code == 200
