"""两步验证: adding, using and removing a second factor, and who must have one."""

import re
import time
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth import get_user
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.desk import roles
from apps.events import services as events
from apps.events.enums import Channel, Role
from apps.events.models import Event
from apps.notices import services as notices
from apps.notices.models import Notice
from apps.people.event_kinds import ACCOUNT, AccountAction
from sbk_portal import rules
from tests.factories.people import PASSWORD, make_colleague, make_holder

pytestmark = pytest.mark.django_db
INDEX = "/accounts/factors/"


def code_of(secret, *, periods_ago=0):
    """What an authenticator app shows for `secret`."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 - periods_ago))


def sign_in(client, user, **options):
    data = {"login": user.employee_number, "password": PASSWORD}
    return client.post(reverse("account_login"), data, **options)


def give_password_again(client, page):
    """Open `page`, which asks for the password first. Returns its answer."""
    asked = client.get(page, follow=True)
    assert "请再输入一次密码" in asked.content.decode()
    url = f"{reverse('account_reauthenticate')}?next={page}"
    return client.post(url, {"password": PASSWORD, "next": page}, follow=True)


def add_app(client):
    """Add an authenticator app. Returns its secret."""
    page = give_password_again(client, reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    answer = client.post(
        reverse("mfa_activate_totp"), {"code": code_of(secret, periods_ago=1)}, follow=True
    )
    assert answer.redirect_chain[-1][0] == reverse("mfa_view_recovery_codes")
    return secret


def proofs_by_factor(client):
    records = client.session[AUTHENTICATION_METHODS_SESSION_KEY]
    return [record for record in records if record["method"] == "mfa"]


def actions_of(user):
    own = Event.objects.of_kind(ACCOUNT).filter(subject_id=user.pk)
    return list(own.order_by("pk").values_list("action", flat=True))


@pytest.fixture
def holder():
    return make_holder()


def test_an_app_is_added_after_the_password_and_the_owner_is_told(client, holder):
    sign_in(client, holder.user)
    add_app(client)
    page = client.get(INDEX).content.decode()
    assert "移除验证器" in page
    assert "恢复码" in page
    assert AccountAction.ADD_FACTOR in actions_of(holder.user)
    at = timezone.now()
    notices.collect(at=at, limit=100)
    notices.send_due(at=at, limit=100)
    told = Notice.objects.filter(recipient=holder.user)
    assert any("添加了两步验证（验证器）" in notice.text for notice in told)


def test_the_secret_and_the_codes_are_sealed(client, holder):
    sign_in(client, holder.user)
    secret = add_app(client)
    codes = re.findall(
        r"<code>(\d{8})</code>", client.get(reverse("mfa_view_recovery_codes")).content.decode()
    )
    assert len(codes) == 10
    stored = " ".join(str(data) for data in Authenticator.objects.values_list("data", flat=True))
    assert secret not in stored
    assert not any(code in stored for code in codes)


def test_the_password_alone_no_longer_signs_in(client, holder):
    sign_in(client, holder.user)
    secret = add_app(client)
    client.logout()

    answer = sign_in(client, holder.user)
    assert answer["Location"] == reverse("mfa_authenticate")
    assert not get_user(client).is_authenticated
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "验证码不对" in wrong.content.decode()
    assert not get_user(client).is_authenticated
    client.post(
        reverse("mfa_authenticate"), {"code": f" {code_of(secret)[:3]} {code_of(secret)[3:]}"}
    )
    assert get_user(client) == holder.user
    assert AccountAction.FACTOR_FAILED in actions_of(holder.user)


def test_who_stands_before_the_second_factor_needs_the_password_that_counts_then(client, holder):
    """Whoever had the old password and a code signed in after the owner had set a new one."""
    sign_in(client, holder.user)
    secret = add_app(client)
    client.logout()
    sign_in(client, holder.user)
    holder.user.set_password("another-good-word-2026")
    holder.user.save()
    answer = client.post(reverse("mfa_authenticate"), {"code": code_of(secret)}, follow=True)
    assert "请用新密码重新登录" in answer.content.decode()
    assert not get_user(client).is_authenticated
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret, periods_ago=-1)})
    assert not get_user(client).is_authenticated


def test_a_recovery_code_signs_in_once(client, holder):
    sign_in(client, holder.user)
    add_app(client)
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    code = re.search(r"<code>(\d{8})</code>", page)[1]
    for is_let_in in (True, False):
        client.logout()
        sign_in(client, holder.user)
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert get_user(client).is_authenticated == is_let_in


def test_a_code_of_the_app_counts_once_for_as_long_as_it_is_accepted(client, holder, monkeypatch):
    sign_in(client, holder.user)
    code = code_of(add_app(client))
    for is_let_in in (True, False):
        client.logout()
        sign_in(client, holder.user)
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert get_user(client).is_authenticated == is_let_in
        pass_time(monkeypatch, seconds=31)  # the app shows the next, and this one still counts


def pass_time(monkeypatch, *, seconds):
    """Let the clock of allauth go on, and what is counted get older."""
    later = SimpleNamespace(time=lambda: time.time() + seconds)
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", later)
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, expires FROM cache_entries")
        for key, expires in cursor.fetchall():
            earlier = (as_moment(expires) - timedelta(seconds=seconds)).replace(tzinfo=None)
            cursor.execute(
                "UPDATE cache_entries SET expires = %s WHERE cache_key = %s", [earlier, key]
            )


def as_moment(value):
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def test_codes_cannot_be_guessed(client, holder):
    sign_in(client, holder.user)
    secret = add_app(client)
    client.logout()
    sign_in(client, holder.user)
    for _ in range(rules.PASSWORD_TRIES):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    answer = client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert "连续输错次数过多" in answer.content.decode()
    assert not get_user(client).is_authenticated


def test_it_is_removed_after_the_password(client, holder):
    sign_in(client, holder.user)
    add_app(client)
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.exists()
    assert AccountAction.REMOVE_FACTOR in actions_of(holder.user)


def test_no_session_of_the_owner_knows_a_removed_factor_any_more(client, holder):
    sign_in(client, holder.user)
    secret = add_app(client)
    other = Client()
    sign_in(other, holder.user)
    other.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    again = {"code": code_of(secret, periods_ago=-1)}
    other.post(reverse("mfa_reauthenticate"), again)
    assert proofs_by_factor(other)
    assert other.get(reverse("mfa_add_webauthn")).status_code == 200
    client.post(reverse("mfa_deactivate_totp"))
    assert not proofs_by_factor(other)
    assert get_user(other) == holder.user
    assert other.get(reverse("mfa_add_webauthn")).status_code == 302


@pytest.mark.parametrize(
    "name", ["mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes"]
)
def test_nothing_is_changed_without_the_password(client, holder, name):
    client.force_login(holder.user)
    assert client.post(reverse(name), {"code": "123456"}).status_code == 302
    assert not Authenticator.objects.exists()


# --- The desk ------------------------------------------------------------------------------------


@pytest.fixture
def reviewer(settings):
    settings.SECOND_FACTOR_FOR_STAFF = True
    return make_colleague(roles.REVIEWER)


def open_desk(client):
    return client.get(reverse("admin:index"))


def signed_in_long_ago(user):
    """Its first sign-in was before the time of grace."""
    at = timezone.now() - rules.SECOND_FACTOR_GRACE - timedelta(minutes=1)
    events.record(
        kind=ACCOUNT,
        action=AccountAction.SIGN_IN,
        by=user,
        role=Role.STAFF,
        at=at,
        channel=Channel.WEB,
        subject_id=user.pk,
    )


def test_the_desk_lets_in_after_the_first_sign_in(client, reviewer):
    sign_in(client, reviewer)
    assert open_desk(client).status_code == 200


def test_the_desk_lets_in_later_only_with_a_factor(client, reviewer):
    signed_in_long_ago(reviewer)
    sign_in(client, reviewer)
    answer = client.get(reverse("admin:index"), follow=True)
    assert answer.redirect_chain[-1][0] == INDEX
    assert "进入审核后台要用两步验证" in answer.content.decode()

    add_app(client)
    assert open_desk(client).status_code == 200


def test_an_account_that_may_do_without_on_a_demonstration_is_let_in(client, reviewer, settings):
    signed_in_long_ago(reviewer)
    settings.SECOND_FACTOR_FOR_STAFF = False
    sign_in(client, reviewer)
    assert open_desk(client).status_code == 200


def test_the_last_factor_of_a_member_of_the_desk_stays(client, reviewer):
    sign_in(client, reviewer)
    add_app(client)
    assert "必须保留一种两步验证" in client.get(reverse("mfa_deactivate_totp")).content.decode()
    client.post(reverse("mfa_deactivate_totp"))
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()
