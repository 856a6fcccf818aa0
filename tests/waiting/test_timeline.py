"""The timeline says what happened, what comes next, and who has to act."""

from datetime import UTC, date, datetime, timedelta

import pytest

from apps.cards.enums import REQUEST_FINAL, CardAction, RequestAction, RequestStatus, Stage
from apps.cards.models import CardRequest
from apps.common import working_days
from apps.common.moments import day_of
from apps.common.working_days import add_working_days
from apps.delivery.enums import DeliveryMethod
from apps.delivery.models import shipment_at
from apps.delivery.services import save_shipment
from apps.events.enums import Channel, Role
from apps.lifecycle import engine
from apps.requests.promises import StageTime, promised
from apps.waiting import standing, timeline
from apps.waiting.status_words import Actor
from apps.waiting.timeline import NodeState
from tests.factories import cards as steps
from tests.factories.cards import AT, make_request
from tests.factories.moments import noon
from tests.factories.regions import make_city

pytestmark = pytest.mark.django_db

TODAY = day_of(AT)


def nodes(card_request):
    return timeline.nodes(card_request, card_request.events.order_by("pk"), at=AT)


def standing_of(card_request, **options):
    return standing.standing(card_request, shipment=shipment_at(card_request, AT), **options)


def test_the_timeline_of_a_request_under_review_is_that_of_the_manual():
    card_request = make_request(RequestStatus.ACCEPTED)
    assert [node.label for node in nodes(card_request)] == [
        "申请提交成功",
        "缴费成功",
        "受理制卡申请",
        "审核中",
        "制卡成功",
        "已发出",
        "已领取",
    ]
    assert [node.state for node in nodes(card_request)][2:5] == [
        NodeState.DONE,
        NodeState.CURRENT,
        NodeState.FUTURE,
    ]


def test_an_amendment_is_a_detour_on_the_timeline():
    card_request = make_request(RequestStatus.NEEDS_AMENDMENT)
    shown = nodes(card_request)
    assert [node.label for node in shown][3:5] == ["待修改信息", "重新受理制卡申请"]
    assert shown[3].state == NodeState.WARN
    assert shown[3].note == "手机号打不通"


def test_an_approval_is_a_node_of_its_own():
    shown = nodes(make_request(RequestStatus.APPROVED))
    assert [node.label for node in shown] == [
        "申请提交成功",
        "缴费成功",
        "受理制卡申请",
        "审核通过",
        "制作中",
        "已发出",
        "已领取",
    ]
    assert shown[3].at == AT + timedelta(minutes=4)
    assert shown[4].goal == "制卡成功"


def test_every_node_says_who_acts():
    shown = nodes(make_request(RequestStatus.APPROVED))
    assert [node.who for node in shown] == [
        "本人",
        "支付平台",
        "系统",
        "人事处",
        "制卡中心",
        "制卡中心",
        "您",
    ]


@pytest.mark.parametrize("status", RequestStatus)
def test_every_status_says_who_has_to_act(status):
    card_request = make_request(status)
    now = standing_of(card_request, at=AT, amendment=card_request.amendments.first())
    assert now.title
    # The card of a collected request still has to be activated.
    has_ended = status in REQUEST_FINAL and status != RequestStatus.COLLECTED
    assert (now.actor == Actor.NOBODY) == has_ended


@pytest.mark.parametrize("status", RequestStatus)
def test_future_nodes_are_those_not_behind_and_a_final_request_has_none(status):
    card_request = make_request(status)
    shown = nodes(card_request)
    future = [node.action for node in shown if node.at is None]
    past = {node.action for node in shown if node.at is not None}
    assert not past & set(future)
    assert (future == []) == (status in REQUEST_FINAL)


def test_expected_days_follow_one_another():
    expected = timeline.expected_dates(make_request(RequestStatus.APPROVED), at=AT)
    assert list(expected) == [
        RequestAction.PRODUCE,
        RequestAction.DISPATCH,
        RequestAction.COLLECT,
    ]
    assert sorted(expected.values()) == list(expected.values())


@pytest.mark.parametrize("status", [RequestStatus.ACCEPTED, RequestStatus.APPROVED])
def test_no_day_that_has_passed_is_announced(status):
    card_request = make_request(status)
    long_after = TODAY + timedelta(days=200)
    expected = timeline.expected_dates(card_request, at=noon(long_after))
    assert min(expected.values()) > long_after
    # The stage that is late itself has no date any more.
    assert (RequestAction.PRODUCE in expected) == (status == RequestStatus.ACCEPTED)


def test_the_usual_time_is_announced_where_it_was_measured():
    card_request = make_request(RequestStatus.PRODUCED)
    times = promised(card_request.rule) | {Stage.DISPATCH: StageTime(4, usual_days=2, most_days=4)}

    def expected(day):
        return timeline.expected_dates(card_request, at=noon(day), times=times).get(
            RequestAction.DISPATCH
        )

    assert expected(TODAY) == add_working_days(TODAY, 2)
    # After the usual day, nine of ten arrive by the fourth day; after that no day is expected.
    assert expected(add_working_days(TODAY, 3)) == add_working_days(TODAY, 4)
    assert expected(add_working_days(TODAY, 5)) is None


@pytest.mark.parametrize("later", range(12))
def test_overdue_is_what_took_longer_than_nine_of_ten(later):
    card_request = make_request(RequestStatus.PRODUCED)
    times = {Stage.DISPATCH: StageTime(4, usual_days=2, most_days=4)}
    at = AT + timedelta(days=later)
    day = day_of(at)
    now = standing_of(card_request, at=at, times=times)
    assert now.due_date == add_working_days(TODAY, 4)
    assert now.is_overdue == (day > now.due_date)
    assert now.overdue_days == max((day - now.due_date).days, 0)


def test_without_a_measure_the_city_s_promise_decides():
    card_request = make_request(RequestStatus.PRODUCED, city=make_city(dispatch_days=6))
    now = standing_of(card_request, at=AT)
    assert now.due_date == add_working_days(TODAY, 6)
    assert not now.stage_time.is_measured


def test_promises_across_a_new_year_not_announced_yet_leave_out_its_first_day(monkeypatch):
    years = frozenset(range(2004, 2027))
    monkeypatch.setattr(working_days, "LIBRARY_YEARS", years)
    wednesday = datetime(2026, 12, 30, 2, 0, tzinfo=UTC)
    city = make_city(produce_days=3, dispatch_days=2, collect_days=1)
    card_request = make_request(RequestStatus.APPROVED, at=wednesday, city=city)
    # Thursday, and after New Year's Day Monday and Tuesday; then two days and one.
    assert timeline.expected_dates(card_request, at=wednesday) == {
        RequestAction.PRODUCE: date(2027, 1, 5),
        RequestAction.DISPATCH: date(2027, 1, 7),
        RequestAction.COLLECT: date(2027, 1, 8),
    }
    now = standing_of(card_request, at=noon(date(2027, 1, 5)))
    assert not now.is_overdue
    assert now.by_when.endswith("1月5日（周二）24:00 前（节假日顺延）完成")
    assert standing_of(card_request, at=noon(date(2027, 1, 6))).is_overdue


@pytest.mark.parametrize(
    ("method", "title"),
    [
        (None, "请填写收件信息并支付邮寄费"),
        (DeliveryMethod.MAIL, "请支付邮寄费"),
        (DeliveryMethod.PICKUP, "请确认网点自取"),
    ],
)
def test_what_is_asked_before_the_payment_depends_on_what_is_known(method, title):
    card_request = make_request(RequestStatus.SUBMITTED)
    if method:
        ship(card_request, method)
    found = CardRequest.objects.select_related("rule", "shipment").get(pk=card_request.pk)
    assert standing_of(found, at=AT).title == title


def ship(card_request, method):
    home = {
        "recipient": "张超",
        "phone": "13800138000",
        "city": card_request.city,
        "address": "文化路 1 号",
    }
    where = home if method == DeliveryMethod.MAIL else {"branch": "张店支行"}
    save_shipment(
        card_request=card_request, method=method, by=card_request.applicant, at=AT, **where
    )


def test_a_card_to_be_fetched_says_so():
    card_request = make_request(RequestStatus.SUBMITTED)
    ship(card_request, DeliveryMethod.PICKUP)
    for number, step in enumerate(
        (steps.pay, steps.accept, steps.approve, steps.produce, steps.dispatch), start=2
    ):
        step(card_request, at=AT + timedelta(minutes=number))
    assert "网点" in standing_of(card_request, at=AT).title


def test_many_standings_take_three_queries_whatever_they_are(django_assert_num_queries):
    for status in (RequestStatus.SUBMITTED, RequestStatus.NEEDS_AMENDMENT, RequestStatus.ACCEPTED):
        for _ in range(3):
            make_request(status)
    requests = list(CardRequest.objects.select_related("rule", "card", "shipment"))
    shipments = {card_request.pk: shipment_at(card_request, AT) for card_request in requests}
    with django_assert_num_queries(3):
        found = standing.standings(requests, shipments=shipments, at=AT)
    asked = [
        card_request
        for card_request in requests
        if card_request.status == RequestStatus.NEEDS_AMENDMENT
    ]
    assert all(
        found[card_request.pk].due_date == TODAY + timedelta(days=7) for card_request in asked
    )
    assert len(found) == 9


def test_the_last_step_is_done_when_the_card_is_active():
    card_request = make_request(RequestStatus.COLLECTED)
    assert timeline.steps_done(card_request) == 3
    assert standing_of(card_request, at=AT).title == "卡已领取，请启用社保卡"
    engine.move(
        card_request.card,
        CardAction.ACTIVATE,
        by=card_request.applicant,
        role=Role.HOLDER,
        at=AT,
        channel=Channel.WEB,
    )
    assert timeline.steps_done(card_request) == 4
    assert standing_of(card_request, at=AT).actor == Actor.NOBODY
