"""The timeline says what happened, what comes next, and who has to act."""

from datetime import timedelta

import pytest

from apps.cards import timeline
from apps.cards.enums import REQUEST_FINAL, RequestAction, RequestStatus
from apps.cards.timeline import Actor, NodeState
from tests.factories.cards import AT, day, make_request

pytestmark = pytest.mark.django_db

ON = day(AT)


def nodes(request):
    return timeline.nodes(request, request.events.order_by("pk"), on=ON)


def test_the_timeline_of_a_request_under_review_is_that_of_the_manual():
    request = make_request(RequestStatus.ACCEPTED)
    assert [node.label for node in nodes(request)] == [
        "申请提交成功",
        "缴费成功",
        "受理制卡申请",
        "制卡成功",
        "已发出",
        "已领取",
    ]
    assert [node.state for node in nodes(request)][2:4] == [NodeState.CURRENT, NodeState.FUTURE]


def test_an_amendment_is_a_detour_on_the_timeline():
    request = make_request(RequestStatus.NEEDS_AMENDMENT)
    shown = nodes(request)
    assert [node.label for node in shown][3:5] == ["待修改信息", "重新受理制卡申请"]
    assert shown[3].state == NodeState.WARN
    assert shown[3].note == "手机号打不通"


def test_an_approval_is_a_note_on_the_node_before():
    request = make_request(RequestStatus.APPROVED)
    shown = nodes(request)
    assert [node.label for node in shown][:3] == ["申请提交成功", "缴费成功", "受理制卡申请"]
    assert shown[2].note.startswith("审核通过（2026-11-23 10:04:00")


@pytest.mark.parametrize("status", RequestStatus)
def test_every_status_says_who_has_to_act(status):
    request = make_request(status)
    standing = timeline.standing(request, on=ON, amendment=request.amendments.first())
    assert standing.title
    assert (standing.actor == Actor.NOBODY) == (status in REQUEST_FINAL)


@pytest.mark.parametrize("status", RequestStatus)
def test_future_nodes_are_those_not_behind_and_a_final_request_has_none(status):
    request = make_request(status)
    shown = nodes(request)
    future = [node.action for node in shown if node.state == NodeState.FUTURE]
    past = {node.action for node in shown if node.state != NodeState.FUTURE}
    assert not past & set(future)
    assert (future == []) == (status in REQUEST_FINAL)


def test_expected_days_follow_one_another_and_are_never_past():
    request = make_request(RequestStatus.APPROVED)
    long_after = ON + timedelta(days=200)
    expected = timeline.expected_dates(request, on=ON)
    assert list(expected) == [
        RequestAction.PRODUCE,
        RequestAction.DISPATCH,
        RequestAction.COLLECT,
    ]
    assert sorted(expected.values()) == list(expected.values())
    assert min(timeline.expected_dates(request, on=long_after).values()) >= long_after
