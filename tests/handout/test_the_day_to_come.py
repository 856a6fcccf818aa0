"""The day on which to come for a card is the same on every page and in every message."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.common.deadlines import Deadline
from apps.common.moments import day_of, start_of
from apps.common.templatetags.formats import day, end_of_day, time_of_day
from apps.events.messages import SMS
from apps.handout import handing
from apps.handout.arranging import change, invite_due
from apps.handout.enums import HandedWay
from apps.handout.models import BoxCard
from apps.handout.policies import last_day_kept
from apps.handout.reminders import remind_due
from apps.handout.standing import hours
from apps.notices.enums import NoticeStatus
from apps.notices.models import Notice
from apps.notices.services import collect, send_due
from tests.dates import in_words
from tests.factories.boxes import make_day, make_waiting
from tests.factories.cards import make_request
from tests.factories.people import make_holder

pytestmark = pytest.mark.django_db
PLACE = "化学楼 301"


@pytest.fixture
def chemist():
    return make_holder(name="韩丑", department="化学学院")


@pytest.fixture
def row(handler, chemist):
    """A card that has waited for three weeks."""
    make_request("REJECTED", holder=chemist)  # with two there is a list
    return make_waiting(handler, at=timezone.now() - timedelta(days=21), holder=chemist)


def invited(handler, row, **when):
    """`row`, after its holder was invited to a day with the hours `when`."""
    make_day(handler, at=timezone.now() - timedelta(days=20), **when)
    invite_due(at=timezone.now() - timedelta(days=20), deadline=Deadline(5))
    return BoxCard.objects.select_related("day").get(pk=row.pk)


def pages(client, row, person):
    """The first page, the list and the page of the request, as `person` reads them."""
    client.force_login(person.user)
    for url in (
        reverse("home:home"),
        reverse("progress:list"),
        row.card_request.get_absolute_url(),
    ):
        yield url, in_words(client.get(url).content.decode())


def number(shown):
    """The large number with what stands around it: 还有4天来领."""
    counted = re.search(r'<p class="figure.*?</p>', shown, re.DOTALL)
    assert counted, "no number on the page"
    return re.sub(r"<.*?>|\s", "", counted[0])


@pytest.mark.parametrize(("days", "words"), [(4, "还有4天来领"), (1, "还有1天来领")])
def test_the_number_counts_to_the_day(client, handler, row, chemist, days, words):
    starts = timezone.now() + timedelta(days=days)
    row = invited(handler, row, starts_at=starts, ends_at=starts + timedelta(minutes=1))
    for url, shown in pages(client, row, chemist):
        assert number(shown) == words, url
        assert f"{hours(row.day)}，{PLACE}" in shown, url
        assert f"{end_of_day(last_day_kept(row))} 前来领" not in shown, url
    assert f"卡保管到 {end_of_day(last_day_kept(row))}" in shown
    assert shown.count(hours(row.day)) == 1  # once on the page, wherever it stands


def test_on_the_day_it_is_today(client, handler, row, chemist):
    now = timezone.now()
    begins = now - timedelta(minutes=1)
    row = invited(handler, row, starts_at=begins, ends_at=now + timedelta(days=1))
    for url, shown in pages(client, row, chemist):
        assert number(shown) == "今天来领", url
        assert f"{hours(row.day)}，{PLACE}" in shown, url


def test_after_the_day_it_counts_to_the_end_of_keeping(client, handler, row, chemist):
    over = timezone.now() - timedelta(days=2)
    row = invited(handler, row, starts_at=over, ends_at=over + timedelta(hours=1))
    left = (last_day_kept(row) - day_of(timezone.now())).days
    for url, shown in pages(client, row, chemist):
        assert number(shown) == f"还有{left}天来领", url
        assert f"{end_of_day(last_day_kept(row))} 前来领" in shown, url
        assert PLACE not in re.sub(r'(?s)<ol class="tl".*?</ol>', "", shown), url


def test_the_messages_name_the_same_day_and_place(client, handler, row, chemist):
    starts = timezone.now() + timedelta(hours=3)
    row = invited(handler, row, starts_at=starts, ends_at=starts + timedelta(hours=1))
    BoxCard.objects.filter(pk=row.pk).update(next_reminder_at=timezone.now())
    remind_due(at=timezone.now(), deadline=Deadline(5))
    collect(at=timezone.now(), limit=100)
    send_due(at=timezone.now(), limit=100)
    client.force_login(chemist.user)
    shown = in_words(client.get(reverse("home:messages")).content.decode())
    for begins in ("社保卡可以领了", "社保卡还在单位等您来领"):
        told = shown.partition(begins)[2].partition("</p>")[0]
        for words in (day(starts), time_of_day(starts), PLACE):
            assert words in told, (begins, words)
    assert f'href="{reverse("handout:index")}">查看单位领卡' in shown


def _told_in_the_morning(row, at):
    """The actions told of `row` by SMS at the moment `at`, of those that waited for it."""
    send_due(at=at, limit=100)
    told = Notice.objects.filter(event__in=row.events.all(), channel=SMS).order_by("event")
    return [
        notice.event.action
        for notice in told.select_related("event")
        if notice.status == NoticeStatus.SENT
    ]


def test_what_another_time_has_overtaken_in_the_night_is_not_told(handler, chemist):
    night = start_of(day_of(timezone.now())) + timedelta(days=1, hours=22)
    row = make_waiting(handler, at=night - timedelta(days=1), holder=chemist)
    arranged = make_day(handler, at=night)
    invite_due(at=night, deadline=Deadline(5))
    collect(at=night, limit=100)
    later = night + timedelta(minutes=5)
    times = {"starts_at": arranged.starts_at + timedelta(days=1)}
    times["ends_at"] = times["starts_at"] + timedelta(hours=1)
    change(day=arranged, place=PLACE, by=handler, at=later, **times)
    invite_due(at=later, deadline=Deadline(5))
    collect(at=later, limit=100)
    assert _told_in_the_morning(row, night + timedelta(hours=12)) == ["INVITE"]
    (sent,) = Notice.objects.filter(event__action="INVITE", channel=SMS, status=NoticeStatus.SENT)
    assert day(times["starts_at"]) in sent.text


def test_who_has_fetched_the_card_is_not_asked_to_come_for_it(handler, chemist):
    night = start_of(day_of(timezone.now())) + timedelta(days=1, hours=22)
    row = make_waiting(handler, at=night - timedelta(days=1), holder=chemist)
    BoxCard.objects.filter(pk=row.pk).update(next_reminder_at=night)
    remind_due(at=night, deadline=Deadline(5))
    collect(at=night, limit=100)
    row = BoxCard.objects.select_related("card", "card_request", "day", "box").get(pk=row.pk)
    early = night + timedelta(hours=9, minutes=30)
    handing.hand_out(box_card=row, way=HandedWay.NUMBER, by=handler, at=early)
    collect(at=early, limit=100)
    assert _told_in_the_morning(row, night + timedelta(hours=12)) == ["HAND_OUT"]
