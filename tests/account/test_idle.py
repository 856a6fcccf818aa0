"""A session that nobody uses ends, at the desk and in the portal, and what was typed waits."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth import get_user
from django.urls import reverse
from django.utils import timezone

from apps.account.own_sessions import idle
from apps.desk import roles
from apps.sign_in.session_store import BEGAN_AT
from sbk_portal import rules
from tests.ended_sessions import Person, held_by, page_after, to_fill_in
from tests.factories.people import make_colleague, make_holder
from tests.journeys import forms

pytestmark = pytest.mark.django_db
DESK = reverse("admin:index")
MINE, CHILD = reverse("account:mine"), reverse("children:register")
BY_ITSELF = {"Unattended": "1"}


@pytest.fixture
def clock(monkeypatch):
    """`clock.pass_by(time)`: it is later from now on."""

    class Clock:
        passed = timedelta(0)

        def pass_by(self, time):
            self.passed += time

    clock, now = Clock(), timezone.now
    monkeypatch.setattr("django.utils.timezone.now", lambda: now() + clock.passed)
    return clock


@pytest.fixture
def person(client):
    person = Person(make_holder().user)
    person.client.get(MINE)
    return person


@pytest.fixture
def reviewer(client):
    reviewer = make_colleague(roles.REVIEWER)
    client.force_login(reviewer)
    return reviewer


def test_whoever_works_stays(client, reviewer, clock):
    for _ in range(4):
        assert client.get(DESK).status_code == 200
        clock.pass_by(rules.DESK_IDLE - timedelta(minutes=1))


def test_whoever_rests_is_signed_out_and_comes_back_to_the_page(client, reviewer, clock):
    client.get(DESK)
    clock.pass_by(rules.DESK_IDLE)
    answer = client.get(reverse("admin:cards_cardrequest_changelist"))
    assert "next=/admin/cards/cardrequest/" in answer["Location"]
    assert "why=ended" in answer["Location"]
    assert not get_user(client).is_authenticated
    client.force_login(reviewer)
    assert client.get(DESK).status_code == 200


def test_saying_that_one_is_still_here_counts(client, reviewer, clock):
    client.get(DESK)
    for _ in range(2):
        clock.pass_by(rules.DESK_IDLE - timedelta(minutes=1))
        assert client.get(reverse("admin:still_here")).text == "1800"


def test_what_a_page_asks_by_itself_does_not_count(client, reviewer, clock):
    client.get(DESK)
    clock.pass_by(rules.DESK_IDLE - timedelta(minutes=1))
    asked = client.get(reverse("admin:still_here"), headers=BY_ITSELF)
    assert 55 <= int(asked.text) <= 60
    clock.pass_by(timedelta(minutes=1))
    assert client.get(DESK).status_code == 302


def test_the_limit_of_the_desk_is_not_that_of_the_portal(client, reviewer, clock):
    client.get(DESK)
    clock.pass_by(rules.DESK_IDLE * 2)
    assert client.get(reverse("account:mine")).status_code == 200
    assert get_user(client).is_authenticated


def test_a_cookie_of_another_session_says_nothing(client, reviewer, clock):
    client.get(DESK)
    used = client.cookies[idle.DESK.cookie].value
    clock.pass_by(rules.DESK_IDLE)
    client.force_login(make_colleague(roles.REVIEWER))
    client.cookies[idle.DESK.cookie] = used
    assert client.get(DESK).status_code == 200


def test_whoever_uses_the_portal_stays_and_whoever_rests_is_signed_out(person, clock):
    for _ in range(3):
        clock.pass_by(rules.PORTAL_IDLE - timedelta(minutes=1))
        assert person.client.get(MINE).status_code == 200
        assert get_user(person.client).is_authenticated
    clock.pass_by(rules.PORTAL_IDLE)
    answer = person.client.get(CHILD)
    assert f"next={CHILD}" in answer["Location"]
    assert "why=ended" in answer["Location"]
    assert not get_user(person.client).is_authenticated


def test_what_was_typed_before_the_rest_is_there_after_signing_in(person, clock):
    data = forms.sent_by(to_fill_in(person.open(CHILD), CHILD)[CHILD]) | {"name": "周乐"}
    clock.pass_by(rules.PORTAL_IDLE)
    sign_in = person.send(CHILD, data, at=CHILD)["Location"]
    assert page_after(sign_in) == CHILD
    assert held_by(to_fill_in(person.sign_in(sign_in), CHILD)[CHILD])["name"] == "周乐"


def test_a_page_that_asks_by_itself_keeps_no_session_open(person, clock):
    still_here = reverse("account:still_here")
    clock.pass_by(rules.PORTAL_IDLE - timedelta(minutes=1))
    assert 55 <= int(person.client.get(still_here, headers=BY_ITSELF).text) <= 60
    clock.pass_by(timedelta(minutes=1))
    polled = person.client.get(
        reverse("children:register"), headers=BY_ITSELF | {"HX-Request": "true"}
    )
    assert polled.status_code == 401
    assert not get_user(person.client).is_authenticated


def test_the_desk_without_any_cookie_counts_from_the_sign_in(client, reviewer):
    session = client.session
    session[BEGAN_AT] -= rules.DESK_IDLE.total_seconds()
    session.save()
    assert client.get(DESK).status_code == 302


def test_a_session_without_the_cookie_counts_from_the_sign_in(person):
    del person.client.cookies[idle.PORTAL.cookie]
    session = person.client.session
    session[BEGAN_AT] -= rules.PORTAL_IDLE.total_seconds()
    session.save()
    person.client.get(MINE)
    assert not get_user(person.client).is_authenticated


def test_whoever_deletes_the_cookie_of_the_desk_gains_nothing(client, reviewer, clock):
    client.get(DESK)
    del client.cookies[idle.DESK.cookie]
    clock.pass_by(rules.DESK_IDLE)
    assert client.get(DESK).status_code == 302
    assert not get_user(client).is_authenticated


def test_whoever_comes_from_the_portal_is_let_in_for_the_first_time(client, reviewer, clock):
    for _ in range(2):
        clock.pass_by(rules.DESK_IDLE - timedelta(minutes=1))
        client.get(MINE)
    assert client.get(DESK).status_code == 200


def test_a_new_key_of_the_session_does_not_send_the_worker_away(client, reviewer, clock):
    client.get(DESK)
    clock.pass_by(rules.DESK_IDLE - timedelta(minutes=1))
    client.get(DESK)
    session = client.session
    session.cycle_key()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    clock.pass_by(timedelta(minutes=5))
    assert client.get(DESK).status_code == 200
