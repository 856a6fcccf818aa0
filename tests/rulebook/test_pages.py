"""What holds where, to read."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from apps.common.templatetags.formats import day as day_words
from apps.desk import roles
from apps.regions import services as regions
from apps.regions.enums import Service
from tests.dates import in_words
from tests.factories.people import make_colleague
from tests.factories.regions import change_rule, make_bank, make_city, make_city_bank
from tests.rulebook.steps import LIST, NOTE, RULE, url

pytestmark = pytest.mark.django_db


def test_the_list_shows_today_s_rule_the_offers_and_the_next_change(boss, city, today, later):
    change_rule(city, day=today, produce_days=8)
    regions.add_rule(
        city=city,
        valid_from=later,
        changes={"produce_days": 6},
        note=NOTE,
        by=make_colleague(roles.SUPERVISOR),
        at=timezone.now(),
    )
    make_city("370200", "青岛市", services=[])

    response = boss.get(LIST)

    [row] = response.context["rows"]
    assert (row["rule"].produce_days, row["next_date"]) == (8, later)
    assert (len(row["services"]), len(row["banks"])) == (5, 1)
    assertContains(response, "8 / 5 / 5")


@pytest.mark.parametrize("more", [1, 20])
def test_the_list_takes_the_same_queries_for_any_number_of_cities(
    boss, city, more, django_assert_num_queries
):
    for number in range(more):
        other = make_city(f"37{number + 10}00", f"{number}市")
        make_city_bank(other, make_bank("95588", "中国工商银行"))
    boss.get(LIST)
    with django_assert_num_queries(7):
        boss.get(LIST)


@pytest.mark.parametrize("more", [1, 20])
def test_a_city_takes_the_same_queries_for_any_length_of_its_history(
    boss, city, today, more, django_assert_num_queries
):
    for number in range(more):
        change_rule(city, day=today + timedelta(days=number), produce_days=20 + number)
        make_city_bank(city, make_bank(f"956{number:02d}", f"银行{number}"))
    boss.get(url("change"))
    with django_assert_num_queries(8):
        boss.get(url("change"))


def test_a_city_shows_what_was_what_is_and_what_will_be(boss, city, today, later):
    change_rule(city, day=today, produce_days=8)
    change_rule(city, day=later, postage_same_city_fen=1100)
    regions.close_service(
        city=city,
        service=Service.APPLY,
        open_until=later,
        by=make_colleague(roles.SUPERVISOR),
        at=timezone.now(),
    )

    response = boss.get(url("change"))

    assertContains(response, "<del>10 个工作日</del> 8 个工作日", html=True)
    assertContains(response, "<del>10.00 元</del> 11.00 元", html=True)
    assert f"{day_words(later)}后停办" in in_words(response.content.decode())


def test_a_city_that_issues_nothing_or_does_not_exist_is_not_found(boss, city):
    make_city("370200", "青岛市", services=[])
    for code in ("370200", "999999", "x"):
        assert boss.get(reverse("admin:regions_city_change", args=[code])).status_code == 404


@pytest.mark.parametrize("role", [roles.REVIEWER, roles.AUDITOR])
def test_who_may_only_read_sees_everything_and_changes_nothing(client, city, role):
    client.force_login(make_colleague(role))

    assertNotContains(client.get(LIST), "修改所选地区")
    assertNotContains(client.get(url("change")), "停办</a>")
    assert client.get(RULE, {"cities": "370100"}).status_code == 403
    for name in ("open_service", "close_service", "open_bank", "close_bank"):
        assert client.post(url(name)).status_code == 403


def test_a_system_administrator_has_no_business_here(client, city):
    client.force_login(make_colleague(roles.ADMINISTRATOR))
    assert client.get(LIST).status_code == 403
    assert client.get(url("change")).status_code == 403


def test_the_admin_knows_no_other_way_to_change_a_city_or_bank(boss, city):
    boss.force_login(make_colleague(roles.SUPERVISOR, is_superuser=True))
    assert boss.get("/admin/regions/city/add/").status_code == 404
    assert boss.get(reverse("admin:regions_bank_add")).status_code == 403
    bank = reverse("admin:regions_bank_change", args=["95533"])
    assert boss.post(bank, {"name": "别的"}).status_code == 403


def test_only_the_permission_counts_not_the_name_of_a_role(client, city):
    user = make_colleague(roles.AUDITOR)
    user.groups.add(Group.objects.get(name=roles.SUPERVISOR))
    client.force_login(user)
    assert client.get(RULE, {"cities": "370100"}).status_code == 200
