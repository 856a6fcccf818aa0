"""The desk's pages about what holds where, and each change with its preview."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.cards.enums import CardStatus, RequestStatus
from apps.regions import services as regions
from apps.regions.enums import Service
from apps.regions.models import City, CityRule
from apps.review import roles
from apps.review.models import DeskEvent
from apps.review.models.desk_event import DeskAction
from tests.factories.cards import make_card, make_draft, make_request
from tests.factories.formal_losses import make_lost_card
from tests.factories.people import make_colleague, make_holder
from tests.factories.regions import change_rule, make_bank, make_city, make_city_bank

pytestmark = pytest.mark.django_db

LIST = reverse("admin:regions_city_changelist")
RULE = reverse("admin:regions_city_rule")
NOTE = "省厅〔2026〕12号"


def url(name, *args):
    return reverse(f"admin:regions_city_{name}", args=["370100", *args])


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def later(today):
    return today + timedelta(days=30)


@pytest.fixture
def city(db):
    return make_city()


@pytest.fixture
def supervisor(db):
    return make_colleague(roles.SUPERVISOR)


@pytest.fixture
def boss(client, supervisor):
    client.force_login(supervisor)
    return client


def typed(day, **values):
    return {"cities": ["370100"], "valid_from": f"{day:%Y-%m-%d}", "note": NOTE} | values


def confirm(client, address, data):
    """Look at the preview, then save what it carries along."""
    preview = client.post(address, data)
    assertContains(preview, "还没有保存")
    assert [str(message) for message in preview.context["messages"]] == []
    return client.post(address, data | {"basis": basis_of(preview), "confirmed": "1"})


def basis_of(response):
    return response.context["preview"].basis


def reached(response):
    """{title: count} of the groups of a preview."""
    return {group.title: group.count for group in response.context["preview"].groups}


# --- Looking


def test_the_list_shows_today_s_rule_the_offers_and_the_next_change(boss, city, today, later):
    change_rule(city, on=today, produce_days=8)
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
    with django_assert_num_queries(8):
        boss.get(LIST)


@pytest.mark.parametrize("more", [1, 20])
def test_a_city_takes_the_same_queries_for_any_length_of_its_history(
    boss, city, today, more, django_assert_num_queries
):
    for number in range(more):
        change_rule(city, on=today + timedelta(days=number), produce_days=20 + number)
        make_city_bank(city, make_bank(f"956{number:02d}", f"银行{number}"))
    boss.get(url("change"))
    with django_assert_num_queries(9):
        boss.get(url("change"))


def test_a_city_shows_what_was_what_is_and_what_will_be(boss, city, today, later):
    change_rule(city, on=today, produce_days=8)
    change_rule(city, on=later, postage_same_city_fen=1100)
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
    assertContains(response, f"{later.year}年{later.month}月{later.day}日后停办")


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


# --- New fees and days


def test_a_change_is_saved_only_when_its_preview_is_confirmed(boss, supervisor, city, later):
    data = typed(later, postage_same_city_fen="11", produce_days="8")

    boss.post(RULE, data)
    assert CityRule.objects.count() == 1
    assertRedirects(confirm(boss, RULE, data), url("change"))

    rule = city.rule_on(later)
    assert (rule.postage_same_city_fen, rule.produce_days, rule.note) == (1100, 8, NOTE)
    assert (rule.postage_elsewhere_fen, rule.created_by) == (1600, supervisor)
    event = DeskEvent.objects.get()
    assert (event.action, event.subject, event.by, event.reason) == (
        DeskAction.RULE_CHANGED,
        "370100",
        supervisor,
        NOTE,
    )
    assert event.facts == {
        "what": "rule",
        "valid_from": f"{later:%Y-%m-%d}",
        "before": {"postage_same_city_fen": 1000, "produce_days": 10},
        "after": {"postage_same_city_fen": 1100, "produce_days": 8},
    }
    assertContains(boss.get(url("change")), "同城邮寄费 10.00 元 → 11.00 元")


def test_one_change_reaches_several_cities_and_leaves_their_other_terms(boss, city, later):
    zibo = make_city("370300", "淄博市", collect_days=2)
    data = typed(later, cities=["370100", "370300"], produce_days="8")

    assertRedirects(confirm(boss, RULE, data), LIST)

    rules = [place.rule_on(later) for place in (city, zibo)]
    assert [(rule.produce_days, rule.collect_days) for rule in rules] == [(8, 5), (8, 2)]
    assert set(DeskEvent.objects.values_list("subject", flat=True)) == {"370100", "370300"}


def test_a_change_of_several_cities_is_made_in_all_or_in_none(boss, city, later):
    change_rule(make_city("370300", "淄博市"), on=later, produce_days=9)
    data = typed(later, cities=["370100", "370300"], produce_days="8")

    assertContains(boss.post(RULE, data), "淄博市在")
    assert CityRule.objects.count() == 3
    assert not DeskEvent.objects.exists()


def test_the_preview_says_whom_the_change_reaches(boss, city, later):
    make_draft(holder=make_holder(name="王小明"))
    for status in (
        RequestStatus.SUBMITTED,
        RequestStatus.ACCEPTED,
        RequestStatus.PRODUCED,
        RequestStatus.REJECTED,
    ):
        make_request(status)
    at = timezone.now()
    card = make_card(CardStatus.SUSPENDED, at=at)
    make_card(CardStatus.ACTIVE)
    make_draft(city=make_city("370300", "淄博市"))

    response = boss.post(RULE, typed(later, produce_days="8", loss_report_days="5"))

    assert reached(response) == {
        "正在填写的草稿": 1,
        "已提交、未缴费": 1,
        "已缴费、正在办理": 2,
        "正在临时挂失": 1,
        "正常使用的社保卡": 1,
    }
    assertContains(response, "**明")
    assertNotContains(response, "王小明")
    assertNotContains(response, card.card_number)


def test_a_change_of_the_fees_alone_says_nothing_of_losses(boss, city, later):
    make_card(CardStatus.ACTIVE)
    assert reached(boss.post(RULE, typed(later, postage_same_city_fen="11"))) == {}


@pytest.mark.parametrize("people", [2, 20])
def test_a_preview_takes_the_same_queries_for_any_number_of_people(
    boss, city, later, people, django_assert_num_queries
):
    for _ in range(people):
        make_draft()
    data = typed(later, postage_same_city_fen="11")
    boss.post(RULE, data)
    with django_assert_num_queries(26):
        boss.post(RULE, data)


def test_a_version_that_begins_later_is_pointed_out(boss, city, today, later):
    change_rule(city, on=later, produce_days=9)
    response = boss.post(RULE, typed(today, produce_days="8"))
    assertContains(response, "另有一个版本，到那天以那个版本为准")


def test_who_confirms_after_somebody_else_s_change_is_told_and_nothing_is_saved(
    boss, city, today, later
):
    data = typed(later, produce_days="8")
    basis = basis_of(boss.post(RULE, data))
    change_rule(city, on=today, produce_days=9)

    response = boss.post(RULE, data | {"basis": basis, "confirmed": "1"})

    assertContains(response, "您核对的时候，有人修改了这个地区的规则")
    assert [line.before for line in response.context["preview"].lines] == ["9 个工作日"]
    assert CityRule.objects.count() == 2
    assertRedirects(
        boss.post(RULE, data | {"basis": basis_of(response), "confirmed": "1"}), url("change")
    )


def test_what_was_typed_comes_back_from_the_preview(boss, city, later):
    response = boss.post(RULE, typed(later, postage_same_city_fen="11.5", back="1"))
    assertContains(response, 'value="11.5"')
    assertContains(response, NOTE)
    assertNotContains(response, "还不能继续")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"postage_same_city_fen": "十元"}, "请填写 0 至 999.99 之间的金额"),
        ({"postage_same_city_fen": "10.005"}, "最多两位小数"),
        ({"postage_same_city_fen": "-1"}, "请填写 0 至 999.99 之间的金额"),
        ({"produce_days": "2.5"}, "请填写整数天数"),
        ({"loss_report_days": "0"}, "不能少于 1 天"),
        ({"valid_from": "明天", "produce_days": "8"}, "请填写日期，例如 2027-01-01。"),
        ({"valid_from": "2020-01-01", "produce_days": "8"}, "生效日期不能早于今天"),
        ({"valid_from": "9999-12-31", "produce_days": "8"}, "日期太远"),
        ({"note": "", "produce_days": "8"}, "请写明变更原因"),
        ({}, "还没有填写要改的金额或天数。"),
        ({"produce_days": "10"}, "没有变化"),
    ],
)
def test_a_wrong_entry_is_explained_and_kept(boss, city, later, values, sentence):
    response = boss.post(RULE, typed(later) | values)
    assertContains(response, sentence)
    for value in values.values():
        assertContains(response, f'value="{value}"' if value else "变更原因")
    assert CityRule.objects.count() == 1


@pytest.mark.parametrize("typed_as", ["10.50", "10.5", "１０．５", "10.5元"])
def test_an_amount_may_be_typed_in_any_usual_way(boss, city, later, typed_as):
    confirm(boss, RULE, typed(later, postage_same_city_fen=typed_as))
    assert city.rule_on(later).postage_same_city_fen == 1050


@pytest.mark.parametrize("codes", [[], ["999999"], ["\x00"], ["3701000000"]])
def test_without_a_city_the_list_comes_back(boss, city, codes):
    assertRedirects(boss.get(RULE, {"cities": codes}), LIST)


def test_a_version_that_has_not_begun_can_be_taken_back(boss, city, later):
    rule = change_rule(city, on=later, produce_days=8)
    address = url("withdraw_rule", rule.pk)
    assertContains(boss.get(address), "撤回")

    assertRedirects(confirm(boss, address, {"note": "文件取消"}), url("change"))

    assert city.rule_on(later).produce_days == 10
    assert DeskEvent.objects.get().facts["what"] == "rule_withdrawn"
    assertContains(boss.get(url("change")), "承诺制卡时限 8 个工作日 → 10 个工作日")


def test_a_version_in_force_is_never_taken_back(boss, city, today):
    rule = change_rule(city, on=today, produce_days=8)
    response = boss.post(url("withdraw_rule", rule.pk), {"note": "改错了"})
    assertContains(response, "这个版本已经生效，不能撤回。")
    assert boss.get(url("withdraw_rule", rule.pk + 1)).status_code == 404


# --- Services and banks


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
    kinds = DeskEvent.objects.order_by("pk").values_list("facts__what", flat=True)
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


def test_only_the_permission_counts_not_the_name_of_a_role(client, city):
    user = make_colleague(roles.AUDITOR)
    user.groups.add(Group.objects.get(name=roles.SUPERVISOR))
    client.force_login(user)
    assert client.get(RULE, {"cities": "370100"}).status_code == 200
