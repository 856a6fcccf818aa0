"""The preview of a decision is what the applicant reads afterwards, to the letter."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestAction, RequestStatus
from apps.common.moments import day_of
from apps.desk import roles
from apps.notices import services as notices
from apps.notices.models import Notice
from apps.phrasebook.models import REJECTION, Phrase
from apps.requests.policies import settled_after
from tests.factories.cards import make_request
from tests.factories.people import make_colleague
from tests.review.steps import claim

pytestmark = pytest.mark.django_db

HTMX = {"headers": {"HX-Request": "true"}}
DUE = (day_of(timezone.now()) + timedelta(days=5)).isoformat()


def url(name, card_request):
    return reverse(f"admin:cards_cardrequest_{name}", args=[card_request.reference])


@pytest.fixture
def card_request(desk):
    card_request = make_request(RequestStatus.ACCEPTED, at=timezone.now() - timedelta(hours=2))
    claim(desk, card_request)
    return card_request


FILLED = {
    "approve": {},
    "reject": {"reject-reason": "照片不是本人，请重新申请"},
    "request_amendment": {
        "amend-ask_phone": "on",
        "amend-reason_phone": "手机号打不通",
        "amend-due_date": DUE,
    },
}
PREVIEW_OF = {
    "approve": "preview_approval",
    "reject": "preview_rejection",
    "request_amendment": "preview_amendment",
}
PREFIX = {"approve": "approve", "reject": "reject", "request_amendment": "amend"}


def filled(card_request, name):
    return FILLED[name] | {f"{PREFIX[name]}-status_since": card_request.status_since.isoformat()}


@pytest.mark.parametrize("name", ["reject", "request_amendment"])
def test_the_preview_is_what_is_sent_afterwards(desk, card_request, name):
    seen = desk.post(
        url(PREVIEW_OF[name], card_request), filled(card_request, name), **HTMX
    ).context
    previewed = dict(seen["messages_told"])
    desk.post(url(name, card_request), filled(card_request, name))
    at = timezone.now() + settled_after()
    notices.collect(at=at, limit=100)
    notices.send_due(at=at, limit=100)
    event = card_request.events.order_by("-pk").first()
    sent = {
        notice.get_channel_display(): notice.text for notice in Notice.objects.filter(event=event)
    }
    assert sent
    assert set(sent) == set(previewed)
    assert sent["站内消息"] == previewed["站内消息"]
    assert previewed["短信"].endswith(sent["站内消息"])


@pytest.mark.parametrize("name", ["reject", "request_amendment"])
def test_the_progress_page_says_what_was_previewed(desk, card_request, name):
    seen = desk.post(
        url(PREVIEW_OF[name], card_request), filled(card_request, name), **HTMX
    ).context
    desk.post(url(name, card_request), filled(card_request, name))
    applicant = Client()
    applicant.force_login(card_request.applicant)
    after = applicant.get(reverse("progress:detail", args=[card_request.reference])).context
    assert seen["standing"] == after["standing"]
    last = [node for node in after["nodes"] if node.at][-1]
    assert (seen["nodes"][0].label, seen["nodes"][0].note) == (last.label, last.note)
    assert seen["asked"] == after["asked"]


def test_the_preview_of_an_approval_is_that_of_its_notice(desk, card_request):
    html = desk.post(
        url("preview_approval", card_request), filled(card_request, "approve"), **HTMX
    ).content
    assert "审核通过，已交制卡中心制作" in html.decode()


@pytest.mark.parametrize("name", FILLED)
def test_a_preview_decides_nothing_and_tells_nobody(desk, card_request, name):
    events = card_request.events.count()
    desk.post(url(PREVIEW_OF[name], card_request), filled(card_request, name), **HTMX)
    card_request.refresh_from_db()
    assert card_request.status == RequestStatus.ACCEPTED
    assert card_request.events.count() == events
    assert not Notice.objects.exists()


def test_a_half_filled_form_is_previewed_as_far_as_it_goes(desk, card_request):
    data = {"amend-ask_phone": "on", "amend-due_date": "morgen"}
    html = desk.post(url("preview_amendment", card_request), data, **HTMX).content.decode()
    assert "手机号（……）" in html
    assert "请至少勾选" not in html


def test_without_javascript_the_page_comes_back_with_the_preview_and_what_was_typed(
    desk, card_request
):
    html = desk.post(
        url("preview_rejection", card_request), filled(card_request, "reject")
    ).content.decode()
    assert "申请人会读到" in html
    assert html.count("照片不是本人，请重新申请") > 1
    assert "<details" in html
    card_request.refresh_from_db()
    assert card_request.status == RequestStatus.ACCEPTED


def test_a_decision_that_is_no_longer_open_is_said_so(desk, card_request):
    desk.post(url("reject", card_request), filled(card_request, "reject"))
    answer = desk.post(url("preview_approval", card_request), {}, **HTMX)
    assert "不能办理「审核通过」" in answer.content.decode()


def test_auditors_preview_nothing(client, card_request):
    client.force_login(make_colleague(roles.AUDITOR))
    for name in PREVIEW_OF.values():
        assert client.post(url(name, card_request)).status_code == 403


def test_the_forms_offer_the_phrases_in_use(desk, card_request):
    used, retired = Phrase.objects.filter(topic=REJECTION)[:2]
    Phrase.objects.filter(pk=retired.pk).update(is_active=False)
    html = desk.get(url("change", card_request)).content.decode()
    assert f'<option value="{used.text}">' in html
    assert f'<option value="{retired.text}">' not in html


def test_without_javascript_the_chosen_phrase_is_the_reason(desk, card_request):
    phrase = Phrase.objects.filter(topic=REJECTION).first()
    data = filled(card_request, "reject") | {
        "reject-reason": " ",
        "reject-reason_phrase": phrase.text,
    }
    desk.post(url("reject", card_request), data)
    event = card_request.events.get(action=RequestAction.REJECT)
    assert event.reason == phrase.text


def test_what_was_typed_counts_more_than_the_chosen_phrase(desk, card_request):
    data = filled(card_request, "reject") | {"reject-reason_phrase": "本人要求终止这件申请"}
    desk.post(url("reject", card_request), data)
    assert card_request.events.get(action=RequestAction.REJECT).reason == "照片不是本人，请重新申请"


def test_the_next_page_leads_back_to_the_case_just_decided(desk, card_request):
    following = make_request(RequestStatus.ACCEPTED, at=timezone.now() - timedelta(hours=1))
    answer = desk.post(url("reject", card_request), filled(card_request, "reject"), follow=True)
    html = answer.content.decode()
    assert answer.context["card_request"] == following
    assert f'href="{url("change", card_request)}">‹ 刚办的：审核不通过' in html
    assert "待您审核 1 件" in html
