"""制卡进度查询: the list of requests."""

import re

import pytest
from django.urls import reverse

from apps.cards.enums import RequestStatus
from apps.progress import views
from tests.factories.cards import (
    accept,
    ask,
    make_request,
    pay,
    withdraw,
)
from tests.factories.moments import ago
from tests.factories.people import make_holder, make_ward
from tests.progress.steps import make_shipped, queries

pytestmark = pytest.mark.django_db

LIST = reverse("progress:list")


def test_the_list_shows_own_requests_and_those_of_the_children_the_newest_first(client):
    guardian = make_holder()
    own = make_request(RequestStatus.ACCEPTED, holder=guardian)
    ward = make_request(RequestStatus.APPROVED, holder=make_ward(guardian), by=guardian.user)
    make_request(RequestStatus.ACCEPTED)
    client.force_login(guardian.user)
    response = client.get(LIST)
    assert list(response.context["page"]) == [ward, own]
    page = response.content.decode()
    assert "本人申领" in page
    assert "代*乐申领" in page


def test_the_only_request_is_shown_without_a_list_and_leads_back_home(client):
    card_request = make_request(RequestStatus.ACCEPTED)
    client.force_login(card_request.holder.user)
    response = client.get(LIST)
    assert response.url == card_request.get_absolute_url()
    page = client.get(response.url).content.decode()
    assert f'class="back" href="{reverse("home:home")}"' in page


def test_a_list_of_more_than_one_shows_what_to_do_with_each(client):
    guardian = make_holder()
    own = make_request(RequestStatus.NEEDS_AMENDMENT, holder=guardian, at=ago(hours=1))
    ward = make_request(
        RequestStatus.APPROVED, holder=make_ward(guardian), by=guardian.user, at=ago(hours=1)
    )
    client.force_login(guardian.user)
    first, second = client.get(LIST).content.decode().split("<article")[1:]
    assert ward.reference in first
    assert "大约还有" in first
    assert "改手机号" in second
    assert reverse("application:amend", args=[own.reference]) in second
    page = client.get(own.get_absolute_url()).content.decode()
    assert f'class="back" href="{LIST}"' in page


def test_an_empty_list_says_what_to_do(client):
    client.force_login(make_holder().user)
    page = client.get(LIST).content.decode()
    assert "还没有申请记录" in page
    assert reverse("application:guide") in page


def test_the_list_has_pages(client, monkeypatch):
    monkeypatch.setattr(views, "PER_PAGE", 2)
    holder = make_holder()
    for _ in range(3):
        make_request(RequestStatus.WITHDRAWN, holder=holder)
    client.force_login(holder.user)
    assert len(client.get(LIST).context["page"]) == 2
    assert len(client.get(LIST, {"page": "2"}).context["page"]) == 1
    assert "第 2 页" in client.get(LIST, {"page": "999"}).content.decode()


def test_the_list_says_who_has_to_act_by_when_and_what_is_late(client):
    holder = make_holder()
    make_request(RequestStatus.COLLECTED, holder=holder)
    make_request(RequestStatus.ACCEPTED, holder=make_ward(holder), by=holder.user, at=ago(days=60))
    client.force_login(holder.user)
    page = client.get(LIST).content.decode()
    assert "卡已领取，请启用社保卡" in page
    assert "人事处审核已超期" in page
    assert page.count(">已超期<") == 1


def test_the_list_can_be_limited_to_one_person(client):
    guardian = make_holder()
    own = make_request(RequestStatus.ACCEPTED, holder=guardian)
    ward = make_ward(guardian)
    theirs = make_request(RequestStatus.APPROVED, holder=ward, by=guardian.user)
    client.force_login(guardian.user)
    for person, shown_requests in ((guardian, [own]), (ward, [theirs])):
        response = client.get(LIST, {"person": person.reference})
        assert list(response.context["page"]) == shown_requests
        page = response.content.decode()
        assert re.findall(r"\?person=(\w+)\" aria-current", page) == [person.reference]


def test_a_child_without_a_request_has_an_empty_list(client):
    guardian = make_holder()
    make_request(RequestStatus.ACCEPTED, holder=guardian)
    client.force_login(guardian.user)
    page = client.get(LIST, {"person": make_ward(guardian).reference}).content.decode()
    assert "还没有申请记录" in page
    assert reverse("application:guide_for_child") in page


def test_the_pages_of_one_person_stay_with_that_person(client, monkeypatch):
    monkeypatch.setattr(views, "PER_PAGE", 2)
    guardian = make_holder()
    ward = make_ward(guardian)
    for _ in range(3):
        make_request(RequestStatus.WITHDRAWN, holder=guardian)
    client.force_login(guardian.user)
    page = client.get(LIST, {"person": guardian.reference}).content.decode()
    (following,) = re.findall(r'rel="next" href="([^"]+)"', page)
    response = client.get(LIST + following.replace("&amp;", "&"))
    assert len(response.context["page"]) == 1
    assert response.context["who"] == guardian
    assert ward in response.context["persons"]


def test_a_stranger_s_list_cannot_be_asked_for(client):
    stranger = make_request(RequestStatus.ACCEPTED).holder
    client.force_login(make_holder().user)
    assert client.get(LIST, {"person": stranger.reference}).status_code == 404


def test_who_has_no_children_is_not_asked_whose_requests_to_show(client):
    card_request = make_request(RequestStatus.ACCEPTED)
    client.force_login(card_request.holder.user)
    assert "看谁的申请" not in client.get(LIST).content.decode()


def test_the_list_takes_the_same_number_of_queries_with_2_and_with_6_rows(client, monkeypatch):
    monkeypatch.setattr(views, "PER_PAGE", 20)
    holder = make_holder()
    client.force_login(holder.user)
    make_shipped(pay, accept, ask, holder=make_ward(holder), by=holder.user)
    counts = []
    for rows in (1, 4):
        for _ in range(rows):
            make_shipped(withdraw, holder=holder)
        counts.append(queries(client, LIST))
    assert counts[0] == counts[1]
    assert counts[0] <= 10
