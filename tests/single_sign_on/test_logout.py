"""Signing out at the university's OpenID provider ends the session here (back-channel logout)."""

import time

import pytest
from django.contrib.auth import get_user
from django.urls import reverse
from django_cas_ng.models import SessionTicket

from apps.events.models import Event
from apps.people.event_kinds import ACCOUNT, AccountAction
from tests.factories.people import make_holder
from tests.single_sign_on.test_oidc import BACK, begin

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ENDED = reverse("single_sign_on:oidc_ended")
EVENT = "http://schemas.openid.net/event/backchannel-logout"


@pytest.fixture
def holder():
    return make_holder()


def sign_in(client, oidc, holder, *, sid, sub="u-1"):
    number = holder.user.employee_number
    client.get(BACK, oidc.sign_in(begin(client), sub=sub, sid=sid, employee_number=number))
    assert get_user(client) == holder.user


def say(client, token):
    """The provider posts `token`; it has no cookies, and no CSRF token."""
    server = type(client)(enforce_csrf_checks=True)
    return server.post(ENDED, {"logout_token": token})


def is_signed_in(client):
    return get_user(client).is_authenticated


def test_a_session_named_there_ends_here_and_no_other(client, oidc, holder):
    sign_in(client, oidc, holder, sid="one")
    elsewhere = type(client)()
    sign_in(elsewhere, oidc, holder, sid="two")
    answer = say(client, oidc.logout_token(sid="one", sub="u-1"))
    assert (answer.status_code, answer.content) == (200, b"")
    assert "no-store" in answer["Cache-Control"]
    assert not is_signed_in(client)
    assert is_signed_in(elsewhere)
    ended = Event.objects.of_kind(ACCOUNT).filter(action=AccountAction.SINGLE_SIGN_OUT)
    assert [event.subject_id for event in ended] == [holder.user.pk]


def test_a_person_named_there_is_signed_out_everywhere_and_nobody_else(client, oidc, holder):
    sign_in(client, oidc, holder, sid="one")
    elsewhere = type(client)()
    sign_in(elsewhere, oidc, holder, sid="two")
    somebody = type(client)()
    sign_in(somebody, oidc, make_holder(), sid="three", sub="u-2")
    assert say(client, oidc.logout_token(sub="u-1")).status_code == 200
    assert [is_signed_in(each) for each in (client, elsewhere, somebody)] == [False, False, True]


def test_no_name_of_the_person_is_kept_and_nothing_after_the_end(client, oidc, holder):
    sign_in(client, oidc, holder, sid="one", sub="zhang3@example.edu.cn")
    kept = [ticket.ticket for ticket in SessionTicket.objects.all()]
    assert len(kept) == 2
    assert not any("zhang3" in ticket or "one" in ticket for ticket in kept)
    say(client, oidc.logout_token(sid="one"))
    assert not SessionTicket.objects.exists()


def test_a_token_counts_once(client, oidc, holder):
    token = oidc.logout_token(sub="u-1")
    assert say(client, token).status_code == 200
    sign_in(client, oidc, holder, sid="one")
    answer = say(client, token)
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})
    assert is_signed_in(client)


WRONG = {
    "nonce": {"nonce": "n"},
    "no events": {"without": ["events"]},
    "another event": {"events": {"http://schemas.openid.net/event/other": {}}},
    "an event that is no object": {"events": {EVENT: "yes"}},
    "nobody": {"without": ["sub"]},
    "no jti": {"without": ["jti"]},
    "no iat": {"without": ["iat"]},
    "no end": {"without": ["exp"]},
    "too old": {"iat": int(time.time()) - 3600},
    "over": {"exp": int(time.time()) - 3600},
    "another issuer": {"iss": "https://another"},
    "for another": {"aud": "another"},
    "of another type": {"type": "at+jwt"},
}


@pytest.mark.sampled
@pytest.mark.parametrize("changes", WRONG.values(), ids=WRONG)
def test_a_token_that_is_not_as_the_standard_says_ends_nothing(client, oidc, holder, changes):
    sign_in(client, oidc, holder, sid="one")
    token = oidc.logout_token(**({"sub": "u-1"} | changes))
    assert say(client, token).status_code == 400
    assert is_signed_in(client)


@pytest.mark.parametrize("fault", ["key", "unsigned", "secret"])
def test_a_token_that_the_server_did_not_sign_ends_nothing(client, oidc, holder, fault):
    sign_in(client, oidc, holder, sid="one")
    oidc.fault = fault
    assert say(client, oidc.logout_token(sub="u-1")).status_code == 400
    assert is_signed_in(client)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é" * 10])
def test_what_is_no_token_is_refused_without_asking_the_server(client, oidc, token):
    oidc.fault = "error"
    assert say(client, token).status_code == 400


def test_while_the_server_does_not_answer_it_is_asked_to_say_so_again(client, oidc, holder):
    sign_in(client, oidc, holder, sid="one")
    token = oidc.logout_token(sub="u-1")
    oidc.fault = "slow"
    assert say(client, token).status_code == 503
    oidc.fault = ""
    assert say(client, token).status_code == 200
    assert not is_signed_in(client)
