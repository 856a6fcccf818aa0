"""No promised day passes in silence: who is told, what, how often, and what the desk sees."""

from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.urls import reverse

from apps.cards.enums import RequestStatus
from apps.common.deadlines import Deadline
from apps.common.templatetags.formats import day, end_of_day, promise
from apps.events.models import Event
from apps.lateness import services
from apps.lateness.integrity import INVARIANTS
from apps.lateness.promises import promises
from apps.my_data import services as my_data
from apps.notices.models import Notice
from apps.requests.event_kinds import LATE
from tests import telling
from tests.backoffice.start.steps import cards_for, refunding
from tests.contests import at_once
from tests.dates import in_words
from tests.factories.cards import approve, make_request
from tests.factories.formal_losses import make_formal_loss
from tests.factories.people import make_holder, make_registration, make_reviewer

pytestmark = pytest.mark.django_db
BEIJING = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=BEIJING)
THURSDAY = date(2026, 11, 26)  # the review is promised by then
AGAIN = date(2026, 12, 2)  # and then by this day


def on(day, hour=9, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=BEIJING)


def tell(at):
    return services.tell_overdue(at=at, deadline=Deadline(60))


def texts(at):
    """The new messages in the portal, by the time of the portal."""
    telling.tell(at)
    told = Notice.objects.filter(event__subject_kind__endswith="_late", channel="PORTAL")
    return [notice.text for notice in told.order_by("pk")]


def in_silence(at):
    [rule] = [rule for rule in INVARIANTS if rule.says == "没有一个承诺的日子悄悄过去"]
    return list(rule.breaches(at))


def test_a_late_review_is_told_once_in_the_morning_with_a_new_day(client):
    card_request = make_request(RequestStatus.ACCEPTED, at=MONDAY)
    assert [tell(on(26, 23)), tell(on(27, 0)), tell(on(27, 8, 59))] == [0, 0, 0]
    assert in_silence(on(27, 10, 59)) == []
    assert in_silence(on(27, 11)) == [card_request]
    assert [tell(on(27)), tell(on(27, 9, 30)), tell(on(28, 12))] == [1, 0, 0]
    assert in_silence(on(27, 11)) == []
    [text] = texts(on(27))
    assert f"原定 {promise(THURSDAY)}审核完" in text
    assert f"由人事处审核，预计 {promise(AGAIN)}完成" in text
    assert Event.objects.about(LATE, card_request).get().facts == {
        "promised": "2026-11-26",
        "expected": "2026-12-02",
        "is_again": False,
    }
    client.force_login(make_reviewer())
    listed = client.get(reverse("admin:cards_cardrequest_changelist"), {"stage": "late"})
    assert card_request.reference in listed.content.decode()
    case = client.get(reverse("admin:cards_cardrequest_change", args=[card_request.reference]))
    assert "审核超期，已告知" in case.content.decode()
    assert cards_for(make_reviewer(), at=on(28))["late"].count == 1


def test_the_new_day_is_a_promise_of_its_own():
    make_request(RequestStatus.ACCEPTED, at=MONDAY)
    tell(on(27))
    december = datetime(2026, 12, 2, 20, 0, tzinfo=BEIJING)
    assert tell(december) == 0
    assert tell(december + timedelta(hours=14)) == 1
    first, second = texts(december + timedelta(hours=14))
    assert "很抱歉" in first
    assert f"原定 {promise(AGAIN)}审核完，还是没有完成，非常抱歉" in second


def test_the_next_stage_is_promised_anew_and_a_decided_request_is_not_late():
    card_request = make_request(RequestStatus.ACCEPTED, at=MONDAY)
    tell(on(27))
    approve(card_request, at=on(27, 10))
    assert tell(on(28, 12)) == 0
    later = datetime(2027, 2, 1, 12, 0, tzinfo=BEIJING)
    assert tell(later) == 1
    assert Event.objects.about(LATE, card_request).last().action == "PRODUCE"


LATER = datetime(2027, 2, 1, 12, 0, tzinfo=BEIJING)


def asked_for(at):
    """A correction that HR has not answered."""
    holder = make_holder()
    return my_data.ask(holder=holder, topic="IDENTITY", text="民族", by=holder.user, at=at)


WAITING = {
    "PRODUCE": (lambda: make_request(RequestStatus.APPROVED, at=MONDAY), "由制卡中心制作"),
    "DISPATCH": (lambda: make_request(RequestStatus.PRODUCED, at=MONDAY), "由制卡中心发出"),
    "DELIVER": (lambda: make_request(RequestStatus.DISPATCHED, at=MONDAY), "凭运单号问承运方"),
    "REFUND": (lambda: refunding(MONDAY), "支付平台还没有退成"),
    "DECISION of a child": (lambda: make_registration(make_holder(), at=MONDAY), "您登记的子女"),
    "ANSWER of a correction": (lambda: asked_for(MONDAY), "您请人事处更正的信息"),
    "DECISION of a loss": (lambda: make_formal_loss(at=MONDAY), "请先办理临时挂失"),
}


@pytest.mark.parametrize("what", WAITING)
def test_whoever_waits_for_something_is_told(what):
    make, words = WAITING[what]
    row = make()
    assert row in in_silence(LATER)
    assert tell(LATER) == 1
    [text] = texts(LATER)
    assert words in text
    assert f"预计 {end_of_day(date(2027, 2, 16))} 前" in text
    assert in_silence(LATER) == []


def test_each_promise_is_tried_above():
    tried = {what.partition(" ")[0] for what in WAITING} | {"REVIEW"}
    assert {str(promise.action) for promise in promises()} == tried


def test_the_page_names_the_new_day(client):
    card_request = make_request(RequestStatus.ACCEPTED, at=MONDAY - timedelta(days=14))
    at = datetime(2026, 11, 20, 12, 0, tzinfo=BEIJING)
    assert tell(at) == 1
    client.force_login(card_request.holder.user)
    expected = date.fromisoformat(Event.objects.about(LATE, card_request).get().facts["expected"])
    page = in_words(client.get(card_request.get_absolute_url()).content.decode())
    assert f"新的预计日期是 {day(expected)}" in page


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL")
def test_two_workers_at_once_tell_it_once():
    card_request = make_request(RequestStatus.ACCEPTED, at=MONDAY)
    at_once(*[partial(tell, on(27))] * 4)
    assert Event.objects.about(LATE, card_request).count() == 1


# --- One day on every page ----------------------------------------------------------------------


def a_loss():
    loss = make_formal_loss(at=MONDAY)
    page = reverse("replacement:loss", args=[loss.card.reference])
    return loss.declared_by, page, "replacement_formalloss", loss


def a_registration():
    row = make_registration(make_holder(), at=MONDAY)
    return row.guardian.user, reverse("children:list"), "people_guardianship", row


@pytest.mark.parametrize("make", [a_loss, a_registration])
def test_its_own_page_the_first_page_and_the_desk_name_the_same_day(client, make, monkeypatch):
    user, own, desk, row = make()
    reviewer = make_reviewer()

    def pages(at):
        monkeypatch.setattr("django.utils.timezone.now", lambda: at)
        client.force_login(user)
        seen = [client.get(own), client.get(reverse("home:home"))]
        client.force_login(reviewer)
        seen.append(client.get(reverse(f"admin:{desk}_change", args=[row.reference])))
        return [in_words(page.content.decode()) for page in seen]

    for page in pages(on(26, 23, 59)):
        assert "预计 11月26日（周四）24:00 前" in page
        assert "已超" not in page
    tell(on(27))
    own_page, home, desk_page = pages(on(27, 12))
    for page in (own_page, desk_page):
        assert "应在 11月26日（周四）24:00 前确认，已超期 1 天。" in page
        assert "新的预计日期是 12月2日（周三）" in page
    assert "已超过 11月26日（周四）24:00" in home
    assert "预计 12月2日（周三）24:00 前完成" in home
    assert "着急的，请联系" in own_page
