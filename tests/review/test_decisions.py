"""A reviewer's decision on a request: what it does, and what the second one is told."""

import re
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.desk.claims import services as claims
from apps.requests import services as requests
from apps.review import services
from tests.contests import at_once
from tests.factories.cards import AT, ask, make_request
from tests.factories.people import (
    make_holder,
    make_reviewer,
    make_ward,
)
from tests.review.steps import amendment, claimed

pytestmark = pytest.mark.django_db

LIST = reverse("admin:cards_cardrequest_changelist")
LATER = AT + timedelta(hours=2)


def url(name, card_request):
    return reverse(f"admin:cards_cardrequest_{name}", args=[card_request.reference])


def seen(page, name):
    """The hidden field of a form on the page, as the browser would post it."""
    field = f"{name}-status_since"
    value = re.search(rf'name="{field}" value="([^"]+)"', page.content.decode())
    return {field: value.group(1)}


def status(card_request):
    return CardRequest.objects.get(pk=card_request.pk).status


@pytest.fixture
def card_request(db):
    return make_request(RequestStatus.ACCEPTED)


def test_approving_moves_the_case_on_and_names_the_reviewer(desk, reviewer, card_request):
    page = claimed(desk, card_request)
    response = desk.post(url("approve", card_request), seen(page, "approve"), follow=True)
    assert response.redirect_chain == [(LIST, 302)]
    assert "已审核通过" in response.content.decode()
    assert status(card_request) == RequestStatus.APPROVED
    assert card_request.events.get(action=RequestAction.APPROVE).by == reviewer


def test_an_amendment_names_fields_reasons_and_the_last_day(desk, reviewer, card_request):
    page = claimed(desk, card_request)
    data = amendment(ask_portrait="on", reason_portrait="背景不是白色", ask_phone="on")
    data |= {"amend-reason_phone": "打不通"} | seen(page, "amend")
    desk.post(url("request_amendment", card_request), data)
    asked = card_request.amendments.get()
    assert asked.items == [
        {"field": "portrait", "reason": "背景不是白色"},
        {"field": "phone", "reason": "打不通"},
    ]
    assert asked.due_date == day_of(timezone.now()) + timedelta(days=1)
    assert (status(card_request), asked.asked_by) == (RequestStatus.NEEDS_AMENDMENT, reviewer)


def test_a_rejection_ends_the_case_with_its_reason(desk, card_request):
    data = {"reject-reason": "照片不是本人"} | seen(claimed(desk, card_request), "reject")
    desk.post(url("reject", card_request), data)
    assert status(card_request) == RequestStatus.REJECTED
    assert card_request.events.get(action=RequestAction.REJECT).reason == "照片不是本人"


def test_a_case_under_amendment_can_be_rejected_but_not_approved(desk):
    card_request = make_request(RequestStatus.NEEDS_AMENDMENT)
    page = claimed(desk, card_request)
    assert "approve-title" not in page.content.decode()
    desk.post(url("reject", card_request), {"reject-reason": "已离职"} | seen(page, "reject"))
    assert status(card_request) == RequestStatus.REJECTED


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "请至少勾选一项需要修改的内容。"),
        ({"ask_phone": "on"}, "请写明「手机号」需要修改的原因。"),
        ({"ask_phone": "on", "reason_phone": "  "}, "请写明「手机号」需要修改的原因。"),
        ({"reason_phone": "打不通"}, "「手机号」写了原因但没有勾选"),
        ({"ask_phone": "on", "reason_phone": "x", "due_date": "昨天"}, "日期不正确"),
        ({"ask_phone": "on", "reason_phone": "x", "due_date": "2020-01-01"}, "在今天之后"),
        ({"ask_phone": "on", "reason_phone": "x", "due_date": ""}, "请选择请申请人修改的最后一天"),
    ],
)
def test_an_amendment_that_says_too_little_is_shown_again(desk, card_request, values, sentence):
    data = amendment(reason_address="缺门牌号", ask_address="on") if values else amendment()
    data |= {f"amend-{name}": value for name, value in values.items()}
    data |= seen(claimed(desk, card_request), "amend")
    page = desk.post(url("request_amendment", card_request), data).content.decode()
    assert sentence in page
    assert ("缺门牌号" in page) == bool(values)
    assert status(card_request) == RequestStatus.ACCEPTED


def test_a_rejection_without_a_reason_is_shown_again(desk, card_request):
    data = {"reject-reason": "   "} | seen(claimed(desk, card_request), "reject")
    page = desk.post(url("reject", card_request), data).content.decode()
    assert "请写明不通过的原因，申请人会看到这段话。" in page
    assert status(card_request) == RequestStatus.ACCEPTED


@pytest.mark.parametrize("moment", ["", "gestern", "2026-11-23", "2026-11-23T10:00:00"])
def test_a_decision_without_the_moment_of_its_page_is_refused(desk, card_request, moment):
    page = desk.post(
        url("approve", card_request), {"approve-status_since": moment}
    ).content.decode()
    assert "页面已过期，请重新打开这件申请再作决定。" in page
    assert status(card_request) == RequestStatus.ACCEPTED


def test_the_second_reviewer_is_told_who_was_first_and_what_was_decided(desk, card_request):
    page = claimed(desk, card_request)
    first = make_holder(name="王芳", user=make_reviewer()).user
    requests.approve(card_request=card_request, by=first, at=LATER)
    data = {"reject-reason": "照片模糊"} | seen(page, "reject")
    answer = desk.post(url("reject", card_request), data).content.decode()
    assert "11月23日（周一）12:00:00 办理了这件申请：「审核通过」" in answer
    assert "照片模糊" in answer  # the form is over; what was typed is there to copy
    assert status(card_request) == RequestStatus.APPROVED


def test_what_the_second_reviewer_typed_is_kept_while_it_can_still_be_sent(desk, card_request):
    page = claimed(desk, card_request)
    ask(card_request, at=LATER)
    data = {"reject-reason": "照片模糊"} | seen(page, "reject")
    answer = desk.post(url("reject", card_request), data)
    assert "照片模糊" in answer.content.decode()
    desk.post(url("reject", card_request), {"reject-reason": "照片模糊"} | seen(answer, "reject"))
    assert status(card_request) == RequestStatus.REJECTED


def test_a_case_that_was_amended_since_is_not_approved_blindly(desk, card_request):
    page = claimed(desk, card_request)
    ask(card_request, at=LATER)
    later = LATER + timedelta(minutes=5)
    requests.amend(
        card_request=card_request,
        values={"phone": "13900139000"},
        by=card_request.applicant,
        at=later,
    )
    assert status(card_request) == RequestStatus.ACCEPTED
    answer = desk.post(url("approve", card_request), seen(page, "approve"))
    assert "有了变化：「重新受理制卡申请」。请重新查看" in answer.content.decode()
    assert status(card_request) == RequestStatus.ACCEPTED
    desk.post(url("approve", card_request), seen(answer, "approve"))
    assert status(card_request) == RequestStatus.APPROVED


def test_a_form_that_did_not_pass_does_not_count_as_a_fresh_look(desk, card_request):
    page = claimed(desk, card_request)
    ask(card_request, at=LATER)
    later = LATER + timedelta(minutes=5)
    requests.amend(card_request=card_request, values={}, by=card_request.applicant, at=later)
    again = desk.post(url("reject", card_request), {"reject-reason": ""} | seen(page, "reject"))
    answer = desk.post(url("reject", card_request), {"reject-reason": "x"} | seen(again, "reject"))
    assert "有了变化" in answer.content.decode()
    assert status(card_request) == RequestStatus.ACCEPTED


def test_a_decision_claims_and_opens_the_next_case(desk, card_request):
    following = make_request(RequestStatus.ACCEPTED, at=LATER)
    response = desk.post(
        url("approve", card_request), seen(claimed(desk, card_request), "approve"), follow=True
    )
    assert response.redirect_chain == [(url("change", following), 302)]
    assert "您正在办理这件" in response.content.decode()


def test_a_child_is_not_asked_for_an_occupation_or_an_id_validity(desk):
    guardian = make_holder()
    card_request = make_request(
        RequestStatus.ACCEPTED, holder=make_ward(guardian), by=guardian.user
    )
    page = claimed(desk, card_request).content.decode()
    assert "amend-ask_phone" in page
    assert "amend-ask_occupation" not in page
    assert "amend-ask_id_valid" not in page


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL")
def test_of_approve_and_reject_in_two_tabs_at_once_one_wins_and_the_other_is_told():
    for _ in range(10):
        card_request = make_request(RequestStatus.ACCEPTED)
        reviewer = make_reviewer()
        claims.claim(subject=card_request, by=reviewer, at=LATER)
        told = _contest(card_request, reviewer)
        assert len(told) == 1
        assert told[0].code == "decided"
        decisions = card_request.events.filter(
            action__in=[RequestAction.APPROVE, RequestAction.REJECT]
        )
        assert decisions.count() == 1
        assert told[0].event == decisions.get()


def _contest(card_request, by):
    seen_since = card_request.status_since

    def decide(verb, **words):
        mine = CardRequest.objects.get(pk=card_request.pk)
        verb(card_request=mine, seen_since=seen_since, by=by, at=LATER, **words)

    return at_once(partial(decide, services.approve), partial(decide, services.reject, reason="x"))


def test_pressing_the_button_twice_decides_once_and_says_so(desk, reviewer, card_request):
    data = seen(claimed(desk, card_request), "approve")
    desk.post(url("approve", card_request), data)
    answer = desk.post(url("approve", card_request), data).content.decode()
    assert f"工号 {reviewer.employee_number}已于" in answer
    assert card_request.events.filter(action=RequestAction.APPROVE).count() == 1
