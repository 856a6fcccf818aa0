"""A session of the desk at which nobody works ends, and what was typed waits."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.urls import reverse
from django.utils import timezone

from apps.account.own_sessions import idle
from apps.desk import roles
from sbk_portal import rules
from tests.factories.people import make_colleague

pytestmark = pytest.mark.django_db
DESK = reverse("admin:index")


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
        assert client.get(reverse("admin:still_here")).status_code == 204


def test_the_portal_itself_has_no_such_limit(client, reviewer, clock):
    client.get(DESK)
    clock.pass_by(rules.DESK_IDLE * 2)
    assert client.get(reverse("account:mine")).status_code == 200
    assert get_user(client).is_authenticated


def test_a_cookie_of_another_session_says_nothing(client, reviewer, clock):
    client.get(DESK)
    used = client.cookies[idle.COOKIE].value
    clock.pass_by(rules.DESK_IDLE)
    client.force_login(make_colleague(roles.REVIEWER))
    client.cookies[idle.COOKIE] = used
    assert client.get(DESK).status_code == 200
