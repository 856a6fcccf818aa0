"""登录的设备: one's own sessions, and signing out there."""

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.urls import reverse
from django_cas_ng.models import SessionTicket

from apps.encryption import public_keys
from apps.events.models import Event
from apps.people.event_kinds import ACCOUNT, AccountAction
from apps.sign_in import devices, networks
from tests.factories.people import PASSWORD, make_holder

pytestmark = pytest.mark.django_db
PAGE, END = reverse("account:sessions"), reverse("account:end_sessions")
WECHAT = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) MicroMessenger/8.0 Safari/604.1"


def sign_in(client, holder, user_agent):
    data = {"login": holder.user.employee_number, "password": PASSWORD}
    client.post(reverse("account_login"), data, headers={"User-Agent": user_agent})
    return client


@pytest.fixture
def holder():
    return make_holder()


@pytest.fixture
def here(client, holder):
    return sign_in(client, holder, "Mozilla/5.0 (Windows NT 10.0) Chrome/130 Safari/537")


@pytest.fixture
def elsewhere(client, holder):
    return sign_in(type(client)(), holder, WECHAT)


def is_signed_in(client):
    return get_user(client).is_authenticated


def keys(page):
    return [public_keys.of(row["session"]) for row in page.context["rows"] if not row["is_current"]]


def test_each_place_is_named_and_this_one_is_marked(here, elsewhere):
    page = here.get(PAGE)
    text = page.content.decode()
    assert "Windows 电脑上的 Chrome 浏览器" in text
    assert "苹果手机上的微信" in text
    assert text.count("这台设备") == 1
    assert len(keys(page)) == 1


@pytest.mark.parametrize("is_all", [True, False])
def test_one_signs_out_there_and_stays_here(here, elsewhere, is_all):
    data = {} if is_all else {"session": keys(here.get(PAGE))[0]}
    page = here.post(END, data, follow=True).content.decode()
    assert "已在 1 处退出登录" in page
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)
    assert Event.objects.of_kind(ACCOUNT).filter(action=AccountAction.END_SESSION).count() == 1
    assert "那里已经退出登录了" in here.post(END, data, follow=True).content.decode()


def test_nobody_ends_the_session_of_somebody_else(here, elsewhere):
    stranger = sign_in(type(here)(), make_holder(), WECHAT)
    stranger.post(END, {"session": keys(here.get(PAGE))[0]})
    assert is_signed_in(elsewhere)


def test_signing_out_elsewhere_wants_a_proof_of_the_last_minutes(here, elsewhere, holder):
    left_open = type(here)()
    left_open.force_login(holder.user)
    answer = left_open.post(END)
    assert answer.url.startswith(reverse("account_reauthenticate"))
    assert is_signed_in(here)
    assert is_signed_in(elsewhere)
    left_open.post(answer.url, {"password": PASSWORD})
    left_open.post(END)
    assert not is_signed_in(here)
    assert not is_signed_in(elsewhere)


def test_a_proof_gives_the_session_a_new_key_and_stays_one_row(here, elsewhere, holder):
    """Whoever had got hold of the key before has no session, and CAS still finds it."""
    before = here.session.session_key
    ticket = SessionTicket.objects.create(session_key=before, ticket="ST-1")
    listed = UserSession.objects.get(session_key=before)
    here.post(reverse("account_reauthenticate"), {"password": "wrong"})
    assert here.session.session_key == before
    here.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    after = here.session.session_key
    assert after != before
    assert not Session.objects.filter(session_key=before).exists()
    assert is_signed_in(here)
    for row in (ticket, listed):
        row.refresh_from_db()
        assert row.session_key == after
    assert len(here.get(PAGE).context["rows"]) == 2


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (WECHAT, "苹果手机上的微信"),
        ("Mozilla/5.0 (Linux; Android 8.0) Chrome/64 AlipayClient/10", "安卓手机上的支付宝"),
        ("Mozilla/5.0 (Macintosh) Safari/605", "苹果电脑上的 Safari 浏览器"),
        ("", "认不出的设备上的浏览器"),
    ],
)
def test_a_browser_in_words(user_agent, words):
    assert devices.in_words(user_agent) == words


@pytest.mark.parametrize(
    ("ip", "words"),
    [
        ("127.0.0.1", "本机（127.0.*.*）"),
        ("10.23.4.5", "校园网（10.23.*.*）"),
        ("::ffff:10.23.4.5", "校园网（10.23.*.*）"),
        ("192.168.1.9", "内部网络（192.168.*.*）"),
        ("202.194.1.1", "互联网（202.194.*.*）"),
        ("2408:8000:1:2::9", "互联网（2408:8000:1::/48）"),
    ],
)
def test_a_network_in_words_without_the_one_machine(ip, words, settings):
    settings.NAMED_NETWORKS = {"校园网": "10.0.0.0/8|172.16.0.0/12"}
    assert networks.in_words(ip) == words
