"""New fees and days: typed, previewed, confirmed."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.cards.enums import CardStatus, RequestStatus
from apps.common.templatetags.formats import moment
from apps.desk import event_kinds, roles
from apps.desk.colleagues import named
from apps.desk.event_kinds import RuleAction
from apps.events.models import Event
from apps.regions import services as regions
from apps.regions.models import CityRule
from apps.rulebook import services
from apps.rulebook.changes import NewRule
from tests.book import desk_events
from tests.contests import at_once
from tests.factories.cards import make_card, make_draft, make_request
from tests.factories.people import make_colleague, make_holder
from tests.factories.regions import change_rule, make_city
from tests.rulebook.steps import LIST, NOTE, RULE, basis_of, confirm, reached, typed, url

pytestmark = pytest.mark.django_db


def test_a_change_is_saved_only_when_its_preview_is_confirmed(boss, supervisor, city, later):
    data = typed(later, postage_same_city_fen="11", produce_days="8")

    boss.post(RULE, data)
    assert CityRule.objects.count() == 1
    assertRedirects(confirm(boss, RULE, data), url("change"))

    rule = city.rule_on(later)
    assert (rule.postage_same_city_fen, rule.produce_days, rule.note) == (1100, 8, NOTE)
    assert (rule.postage_elsewhere_fen, rule.created_by) == (1600, supervisor)
    event = desk_events().get()
    assert (event.action, event.reference, event.by, event.reason) == (
        RuleAction.CHANGE,
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
    assert set(desk_events().values_list("reference", flat=True)) == {"370100", "370300"}


def test_a_change_of_several_cities_is_made_in_all_or_in_none(boss, city, later):
    change_rule(make_city("370300", "淄博市"), day=later, produce_days=9)
    data = typed(later, cities=["370100", "370300"], produce_days="8")

    assertContains(boss.post(RULE, data), "淄博市在")
    assert CityRule.objects.count() == 3
    assert not desk_events().exists()


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


@pytest.mark.parametrize("people", [2, 6])
def test_a_preview_takes_the_same_queries_for_any_number_of_people(
    boss, city, later, people, django_assert_num_queries
):
    for _ in range(people):
        make_draft()
    data = typed(later, postage_same_city_fen="11")
    boss.post(RULE, data)
    with django_assert_num_queries(25):
        boss.post(RULE, data)


def test_a_version_that_begins_later_is_pointed_out(boss, city, today, later):
    change_rule(city, day=later, produce_days=9)
    response = boss.post(RULE, typed(today, produce_days="8"))
    assertContains(response, "另有一个版本，到那天以那个版本为准")


def test_who_confirms_after_somebody_else_s_change_is_told_and_nothing_is_saved(
    boss, city, today, later
):
    data = typed(later, produce_days="8")
    basis = basis_of(boss.post(RULE, data))
    change_rule(city, day=today, produce_days=9)

    response = boss.post(RULE, data | {"basis": basis, "confirmed": "1"})

    assertContains(response, "您核对的时候，有人修改了这个地区的规则")
    assert [line.before for line in response.context["preview"].lines] == ["9 个工作日"]
    assert CityRule.objects.count() == 2
    assertRedirects(
        boss.post(RULE, data | {"basis": basis_of(response), "confirmed": "1"}), url("change")
    )


def test_who_confirms_second_reads_who_was_first_and_when(boss, city, today, later):
    data = typed(later, produce_days="8")
    basis = basis_of(boss.post(RULE, data))
    colleague, browser = make_colleague(roles.SUPERVISOR), Client()
    browser.force_login(colleague)
    confirm(browser, RULE, typed(today, produce_days="9"))

    response = boss.post(RULE, data | {"basis": basis, "confirmed": "1"})

    saved = Event.objects.of_kind(event_kinds.RULES).last()
    assertContains(response, f"{named(colleague)}于 {moment(saved.at)} 保存了新的内容")
    assert [(line.before, line.after) for line in response.context["preview"].lines] == [
        ("9 个工作日", "8 个工作日")
    ], "both values"


def test_what_was_typed_comes_back_from_the_preview(boss, city, later):
    response = boss.post(RULE, typed(later, postage_same_city_fen="11.5", back="1"))
    assertContains(response, 'value="11.5"')
    assertContains(response, NOTE)
    assertNotContains(response, "还不能继续")


@pytest.mark.sampled
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
        ({}, "还没有填写要改的内容。"),
        ({"produce_days": "10"}, "没有变化"),
    ],
)
def test_a_wrong_entry_is_explained_and_kept(boss, city, later, values, sentence):
    response = boss.post(RULE, typed(later) | values)
    assertContains(response, sentence)
    for value in values.values():
        assertContains(response, f'value="{value}"' if value else "变更原因")
    assert CityRule.objects.count() == 1


@pytest.mark.parametrize("typed_as", ["10.50", "10.5", "１０．５", "10.5元", "￥10.5"])
def test_an_amount_may_be_typed_in_any_usual_way(boss, city, later, typed_as):
    confirm(boss, RULE, typed(later, postage_same_city_fen=typed_as))
    assert city.rule_on(later).postage_same_city_fen == 1050


@pytest.mark.parametrize("codes", [[], ["999999"], ["\x00"], ["3701000000"]])
def test_without_a_city_the_list_comes_back(boss, city, codes):
    assertRedirects(boss.get(RULE, {"cities": codes}), LIST)


def test_a_version_that_has_not_begun_can_be_taken_back(boss, city, later):
    rule = change_rule(city, day=later, produce_days=8)
    address = url("withdraw_rule", rule.pk)
    assertContains(boss.get(address), "撤回")

    assertRedirects(confirm(boss, address, {"note": "文件取消"}), url("change"))

    assert city.rule_on(later).produce_days == 10
    assert desk_events().get().facts["what"] == "rule_withdrawn"
    assertContains(boss.get(url("change")), "承诺制卡时限 8 个工作日 → 10 个工作日")


def test_a_version_in_force_is_never_taken_back(boss, city, today):
    rule = change_rule(city, day=today, produce_days=8)
    response = boss.post(url("withdraw_rule", rule.pk), {"note": "改错了"})
    assertContains(response, "这个版本已经生效，不能撤回。")
    assert boss.get(url("withdraw_rule", rule.pk + 1)).status_code == 404


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_at_once_the_second_is_sent_back_to_the_preview(later):
    city = make_city()
    boss = make_colleague(roles.SUPERVISOR)
    basis = regions.basis(cities=[city])

    def save(days):
        change = NewRule(
            cities=[city],
            valid_from=later + timedelta(days=days),
            changes={"produce_days": days},
            note=NOTE,
        )
        services.apply(change=change, basis=basis, by=boss, at=timezone.now())

    refusals = at_once(lambda: save(3), lambda: save(4))

    assert [refusal.code for refusal in refusals] == ["stale"]
    assert (city.rules.count(), desk_events().count()) == (2, 1)
