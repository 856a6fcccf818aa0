"""办理记录: everything ever done, page by page."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import CardStatus, RequestStatus
from apps.common.moments import day_of
from apps.common.templatetags.formats import moment
from apps.desk import roles
from apps.events.enums import NOBODY, Role
from apps.events.models import Event
from apps.handout import handing
from apps.handout.enums import HandedWay
from apps.handout.models import BoxCard
from apps.home import records
from apps.replacement import services as replacement
from tests.dates import in_words
from tests.factories.boxes import make_waiting
from tests.factories.cards import make_card, make_request
from tests.factories.formal_losses import make_formal_loss, make_lost_card
from tests.factories.people import (
    make_colleague,
    make_guardianship,
    make_holder,
    make_registration,
    make_reviewer,
    make_ward,
)
from tests.factories.regions import let_the_unit_collect

pytestmark = pytest.mark.django_db

URL = reverse("home:records")


@pytest.fixture
def holder(client):
    holder = make_holder()
    client.force_login(holder.user)
    return holder


def page(client, headers=None, **query):
    return client.get(URL, query, headers=headers).content.decode()


def test_it_tells_what_was_done_when_and_by_whom(client, holder):
    make_card(CardStatus.LOST, holder=holder)
    html = page(client)
    for words in ("社保卡正式挂失", "社保卡启用", "申领：审核通过", "申领：已领取"):
        assert words in html
    for who in ("您办理", "人事处办理", "系统办理", "支付平台通知"):
        assert who in html


def test_declaring_taking_back_and_registering_are_told(client, holder):
    loss = make_formal_loss(card=make_card(holder=holder))
    replacement.take_back(loss=loss, by=holder.user, at=loss.declared_at + timedelta(hours=1))
    make_registration(holder, name="王小乐")
    make_registration(make_holder(), name="别人的")
    html = page(client)
    for words in ("正式挂失：登记", "正式挂失：撤回登记", "我的子女：登记子女", "*乐"):
        assert words in html
    assert "*的" not in html


def test_a_confirmed_loss_is_told_once(client, holder):
    make_lost_card(holder=holder)
    html = page(client)
    assert "正式挂失：登记" in html
    assert "正式挂失：确认" not in html
    assert html.count("社保卡正式挂失") == 1


def test_what_belongs_to_one_request_stands_together(client, holder):
    make_request(RequestStatus.WITHDRAWN, holder=holder)
    make_request(RequestStatus.SUBMITTED, holder=holder)
    html = page(client)
    groups = html.split('<section class="record-group">')[1:]
    assert len(groups) == 2
    assert "申领：已撤销" not in groups[0]
    assert [words in groups[1] for words in ("申领：已撤销", "申领：开始填写")] == [True, True]


def test_the_newest_comes_first(client, holder):
    make_request(RequestStatus.WITHDRAWN, holder=holder)
    html = page(client)
    order = [html.index(f"申领：{words}") for words in ("已撤销", "申请提交成功", "开始填写")]
    assert order == sorted(order)


def test_nothing_of_others_is_told(client, holder):
    other = make_request(RequestStatus.ACCEPTED)
    grown = make_ward(holder, birth_date=day_of(timezone.now()) - timedelta(days=16 * 366))
    a_year_ago = timezone.now() - timedelta(days=365)
    of_grown = make_request(RequestStatus.COLLECTED, holder=grown, by=holder.user, at=a_year_ago)
    html = page(client)
    for card_request in (other, of_grown):
        assert card_request.reference not in html
    assert html.count("<article") == html.count("我的子女：") == 2  # registered and confirmed


def test_children_are_told_along_and_on_their_own(client, holder):
    child = make_ward(holder)
    own = make_request(RequestStatus.SUBMITTED, holder=holder)
    childs = make_request(RequestStatus.SUBMITTED, holder=child, by=holder.user)
    html = page(client)
    assert own.reference in html
    assert childs.reference in html
    html = page(client, person=child.reference)
    assert own.reference not in html
    assert childs.reference in html


def test_what_the_other_guardian_did_is_said_so(client, holder):
    child = make_ward(holder)
    mother = make_holder(sex="2", name="欧阳丽")
    make_guardianship(mother, child)
    make_request(RequestStatus.SUBMITTED, holder=child, by=mother.user)
    html = page(client)
    assert "另一位监护人办理" in html
    assert "丽" not in html


def follow(client, html):
    address = html.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    return client.get(URL + address)


def test_pages_hold_every_record_once(client, holder, monkeypatch):
    monkeypatch.setattr(records, "PER_PAGE", 7)
    for _ in range(5):
        make_request(RequestStatus.WITHDRAWN, holder=holder)
    seen, html = 0, page(client)
    while 'rel="next"' in html:
        seen += html.count('<article class="record">')
        # New events do not move rows onto the next page.
        make_request(RequestStatus.WITHDRAWN, holder=holder)
        html = follow(client, html).content.decode()
    seen += html.count('<article class="record">')
    assert seen == 15


def test_asked_by_htmx_only_the_next_ones_come(client, holder, monkeypatch):
    monkeypatch.setattr(records, "PER_PAGE", 2)
    make_request(RequestStatus.WITHDRAWN, holder=holder)
    html = page(client, headers={"HX-Request": "true"})
    assert "<html" not in html
    assert html.count('<article class="record">') == 2
    assert 'hx-target="closest p"' in html


@pytest.mark.parametrize("before", ["1", "x:y", "å", "MQ:1abc:zzz"])
def test_a_mark_that_is_not_ours_begins_anew(client, holder, before):
    make_request(RequestStatus.SUBMITTED, holder=holder)
    assert "申请提交成功" in page(client, before=before)


def test_a_suspension_that_was_written_down_late_reads_as_it_was(client, holder):
    card = make_card(CardStatus.SUSPENDED, holder=holder)
    until = card.suspended_until
    event = card.events.latest("pk")
    Event.objects.create(
        holder_id=holder.pk,
        subject_kind="card",
        subject_id=card.pk,
        action="EXPIRE",
        from_status=event.to_status,
        to_status=CardStatus.ACTIVE,
        due_at=until,
        at=until + timedelta(hours=3),
        role="WORKER",
        channel="WORKER",
    )
    html = in_words(page(client))
    assert moment(until) in html
    assert f"{moment(until + timedelta(hours=3))} 记录" in html


def test_a_visitor_is_asked_to_sign_in():
    assert Client().get(URL).status_code == 302


@pytest.mark.parametrize("requests", [2, 6])
def test_6_requests_cost_as_many_queries_as_2(
    client, holder, requests, django_assert_max_num_queries
):
    for _ in range(requests):
        make_request(RequestStatus.WITHDRAWN, holder=holder)
    with django_assert_max_num_queries(8):
        page(client)


def test_a_card_that_the_unit_has_handed_out_and_taken_back_is_told(client, holder):
    let_the_unit_collect()
    by, at = make_colleague(roles.HANDER), timezone.now()
    key = make_waiting(by, at=at, holder=holder).pk
    row = BoxCard.objects.select_related(*handing.RELATED).get(pk=key)
    handing.hand_out(box_card=row, way=HandedWay.NUMBER, by=by, at=at)
    assert "已领取" in page(client)
    handing.take_back(box_card=row, by=by, at=at)
    html = page(client)
    assert "卡交错了，已收回" in html
    assert "人事处办理" in html


@pytest.mark.parametrize("role", [role for role in Role if role != Role.VISITOR])
def test_whoever_acts_has_a_word(client, holder, role):
    card_request = make_request(RequestStatus.SUBMITTED, holder=holder)
    event = card_request.events.last()
    event.pk, event.by, event.role = None, None if role in NOBODY else make_reviewer(), role
    Event.objects.bulk_create([event])
    words = {Role.HOLDER: "持卡人办理", Role.WORKER: "系统办理", Role.GATEWAY: "支付平台通知"}
    words |= dict.fromkeys((Role.REVIEWER, Role.STAFF), "人事处办理")
    assert words.get(role, "监护人办理") in page(client)
