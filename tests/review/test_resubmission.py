"""What the next reviewer sees of an answered amendment."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from apps.cards.enums import RequestStatus
from apps.desk.claims import services as claims
from apps.desk.event_kinds import CaseAction
from apps.requests import services
from apps.requests.models import Particulars
from tests.factories.cards import AT, COMPLETE, approve, ask, make_request

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
ITEMS = [
    {"field": "phone", "reason": "手机号打不通"},
    {"field": "address", "reason": "缺门牌号"},
    {"field": "portrait", "reason": "背景不是白色"},
]


def url(name, card_request):
    return reverse(f"admin:cards_cardrequest_{name}", args=[card_request.reference])


def amended(values, items=ITEMS):
    card_request = make_request(RequestStatus.ACCEPTED)
    ask(card_request, at=AT + HOUR, items=items)
    at = AT + 2 * HOUR
    services.amend(card_request=card_request, values=values, by=card_request.applicant, at=at)
    return card_request


def changes(desk, card_request):
    found = desk.get(url("change", card_request)).context["changes"]
    return {change.topic: change for change in found}


def test_each_field_is_shown_before_and_after_and_said_to_be_changed_or_not(desk):
    twin = f"{COMPLETE['phone'][:5]}99{COMPLETE['phone'][7:]}"
    card_request = amended({"phone": twin})
    found = changes(desk, card_request)
    assert found["phone"].is_changed
    assert found["phone"].before == found["phone"].after  # under the mask
    assert found["address"].is_changed is False
    html = desk.get(url("change", card_request)).content.decode()
    assert "申请人修改了什么" in html
    assert "没有改" in html
    assert twin not in html


def test_what_changed_comes_before_everything_else(desk):
    html = desk.get(url("change", amended({"phone": "13900139000"}))).content.decode()
    assert html.index('id="back-title"') < html.index('id="portrait-title"')


def test_a_case_that_was_never_sent_back_shows_no_changes(desk):
    card_request = make_request(RequestStatus.ACCEPTED)
    assert "申请人修改了什么" not in desk.get(url("change", card_request)).content.decode()


def test_after_the_decision_the_comparison_moves_to_the_history(desk):
    card_request = amended({"phone": "13900139000"})
    approve(card_request, at=AT + 3 * HOUR)
    html = desk.get(url("change", card_request)).content.decode()
    assert "申请人修改了什么" not in html
    assert "上一次退回修改的前后对照" in html


def test_the_earlier_portrait_is_shown_to_readers_of_cases_only(desk, client):
    name = default_storage.save("portraits/first.jpg", ContentFile(b"\xff\xd8 first"))
    card_request = make_request(RequestStatus.ACCEPTED)
    Particulars.objects.filter(card_request=card_request).update(portrait=name)
    ask(card_request, at=AT + HOUR, items=ITEMS)
    at = AT + 2 * HOUR
    second = {"portrait": "portraits/second.jpg"}
    services.amend(card_request=card_request, values=second, by=card_request.applicant, at=at)
    assert changes(desk, card_request)["portrait"].is_changed
    response = desk.get(url("portrait_before", card_request))
    assert b"".join(response.streaming_content) == b"\xff\xd8 first"
    client.force_login(card_request.applicant)
    assert client.get(url("portrait_before", card_request)).status_code == 302
    default_storage.delete(name)


def test_without_an_earlier_portrait_there_is_none_to_see(desk):
    card_request = make_request(RequestStatus.ACCEPTED)
    assert desk.get(url("portrait_before", card_request)).status_code == 404


def test_an_amendment_from_before_this_was_kept_says_so(desk):
    card_request = amended({"phone": "13900139000"})
    card_request.amendments.update(before="", portrait_before="")
    assert changes(desk, card_request)["phone"].is_changed is None
    assert "没有留存" in desk.get(url("change", card_request)).content.decode()


def test_moves_actions_at_the_desk_and_looks_make_one_timeline(desk, reviewer):
    card_request = amended({"phone": "13900139000"})
    claims.record(
        subject=card_request,
        action=CaseAction.TAKE_OVER,
        by=reviewer,
        at=AT + 3 * HOUR,
        facts={"from": "S2001"},
    )
    desk.post(url("disclose", card_request), {"disclosure-reason": "电话核实"})
    history = desk.get(url("change", card_request)).context["history"]
    assert [entry.at for entry in history] == sorted((e.at for e in history), reverse=True)
    texts = {entry.title: entry.text for entry in history}
    assert texts["接手"] == "从工号 S2001 接手"
    assert "原因：电话核实" in texts["查看完整信息"]
    [asking] = [entry for entry in history if entry.items]
    assert [item["label"] for item in asking.items] == ["手机号", "常住地址", "电子照片"]
