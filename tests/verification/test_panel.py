"""The check beside the confirmation: a code on arrival, a password not too often, one POST."""

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import CardStatus
from apps.cards.models import Card
from apps.people.event_kinds import AccountAction
from apps.sign_in.recording import record
from apps.verification.enums import CheckMethod, Purpose
from apps.verification.models import Check, OneTimeCode
from tests.factories.cards import make_card
from tests.factories.checks import pass_check
from tests.factories.moments import ago
from tests.factories.people import PASSWORD, make_holder
from tests.phones import code_in
from tests.verification.tries import wrong

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
BY_ITSELF = 'hx-trigger="load once, submit"'
SEND = {"way": "code", "send": "1"}


@pytest.fixture
def card():
    return make_card(CardStatus.SEALED, at=ago(days=30))


@pytest.fixture
def url(card):
    return reverse("activation:start", args=[card.reference])


@pytest.fixture(autouse=True)
def signed_in(client, card):
    """By a way without a password, so that it has not been typed in yet."""
    client.force_login(card.holder.user)


def sign_in_by_password(client, card):
    client.logout()
    login = {"login": card.holder.user.employee_number, "password": PASSWORD}
    client.post(reverse("account_login"), login)


def proven(client, method, at, **details):
    """As allauth writes it down when somebody proves who they are."""
    session = client.session
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    record = {"method": method, "at": at.timestamp(), **details}
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [record]
    session.save()


def used_factor(client, card, at, **details):
    """Add an authenticator app to the account, used at `at`."""
    kind = Authenticator.Type.TOTP
    factor = Authenticator.objects.create(user=card.holder.user, type=kind, data={})
    proven(client, "mfa", at, id=factor.pk, type=kind, **details)
    return factor


def text(response):
    return response.content.decode()


def is_active(card):
    return Card.objects.get(pk=card.pk).status == CardStatus.ACTIVE


def test_looking_at_the_page_sends_and_begins_nothing(client, url, phones):
    assert BY_ITSELF in text(client.get(url))
    client.head(url)
    assert phones == []
    assert not Check.objects.exists()


def test_the_page_asks_for_a_code_on_arrival_and_a_reload_does_not(client, url, phones):
    panel = text(client.post(url, SEND, headers=HTMX))
    assert "验证码已发到" in panel
    assert "<html" not in panel
    assert BY_ITSELF not in panel
    for _ in range(2):
        page = text(client.get(url))
        assert "验证码已发到" in page
        assert BY_ITSELF not in page
    assert len(phones) == 1


def test_asking_twice_within_the_time_to_wait_sends_one_and_is_no_error(client, url, phones):
    client.post(url, SEND)
    page = text(client.post(url, SEND))
    assert "验证码已发到" in page
    assert 'role="alert"' not in page
    assert len(phones) == 1
    assert Check.objects.count() == 1


def test_too_many_codes_are_refused_in_their_place(client, url, phones, settings):
    settings.CODES_PER_HOUR = 1
    client.post(url, SEND)
    OneTimeCode.objects.update(created_at=ago(minutes=6), expires_at=ago(minutes=1))
    page = text(client.post(url, SEND))
    assert "获取得太频繁" in page
    assert page.index('id="check"') < page.index("获取得太频繁")
    assert len(phones) == 1


def test_a_code_and_the_password_check_and_confirm_at_once(client, url, card, phones):
    client.post(url, SEND)
    typed = {"way": "code", "code": code_in(phones[0][1]), "password": PASSWORD}
    assert client.post(url, typed)["Location"] == reverse("activation:done", args=[card.reference])
    assert is_active(card)
    check = Check.objects.get()
    assert (check.is_used, check.method, check.holder) == (True, CheckMethod.CODE, card.holder)


def test_a_wrong_code_changes_nothing_and_what_was_typed_stays(client, url, card, phones):
    client.post(url, SEND)
    typed = wrong(code_in(phones[0][1]))
    page = text(client.post(url, {"way": "code", "code": typed, "password": PASSWORD}))
    assert "还可以再试 4 次" in page
    assert f'value="{typed}"' in page
    assert PASSWORD not in page
    assert not is_active(card)


@pytest.mark.parametrize("typed", [{}, {"way": "code"}, {"way": "face"}, {"way": "second_factor"}])
def test_with_nothing_filled_in_nothing_is_done(client, url, card, phones, typed):
    assert "请填写短信里的 6 位验证码" in text(client.post(url, typed))
    assert not is_active(card)
    assert not Check.objects.exists()


# --- The password


def test_who_has_just_signed_in_is_not_asked_for_the_password(client, url, card, phones):
    sign_in_by_password(client, card)
    client.post(url, SEND)
    page = text(client.get(url))
    assert "不用再输" in page
    assert 'type="password"' not in page
    client.post(url, {"way": "code", "code": code_in(phones[0][1])})
    assert is_active(card)


def test_without_the_password_a_wrong_code_is_told_as_such(client, url, card, phones):
    proven(client, "password", ago(minutes=1))
    client.post(url, SEND)
    page = text(client.post(url, {"way": "code", "code": wrong(code_in(phones[0][1]))}))
    assert "验证码不正确，还可以再试 4 次" in page


def test_after_ten_minutes_the_password_is_asked_for_again(client, url, card, phones):
    proven(client, "password", ago(minutes=10, seconds=1))
    client.post(url, SEND)
    page = text(client.post(url, {"way": "code", "code": code_in(phones[0][1])}))
    assert "请填写登录密码" in page
    assert not is_active(card)


def test_a_password_that_was_given_in_a_check_counts_too(client, url, card, phones):
    client.post(url, SEND)
    typed = {"way": "code", "code": code_in(phones[0][1])}
    client.post(url, typed | {"password": "another"})
    assert 'type="password"' in text(client.get(url))
    client.post(url, typed | {"password": PASSWORD})
    lost = reverse("loss_report:report", args=[card.reference])
    ends_at = client.get(lost).context["ends_at"]
    client.post(lost, {"ends_at": ends_at.isoformat()})
    lift = text(client.get(reverse("loss_report:lift", args=[card.reference])))
    assert "核对是您本人" in lift
    assert 'type="password"' not in lift


def test_the_proofs_of_somebody_else_do_not_count(client, url, card):
    proven(client, "password", ago(minutes=1))
    session = client.session
    session["account_authentication_methods_user"] = str(make_holder().user.pk)
    session.save()
    assert 'type="password"' in text(client.get(url))


# --- A second factor


def test_a_second_factor_used_a_short_while_ago_is_enough(client, url, card, phones):
    used_factor(client, card, ago(minutes=9))
    page = text(client.get(url))
    assert "已确认是您本人" in page
    assert BY_ITSELF not in page
    client.post(url, {})
    assert is_active(card)
    assert Check.objects.get().method == CheckMethod.SECOND_FACTOR
    assert phones == []


def test_one_that_is_too_old_is_not(client, url, card, phones):
    used_factor(client, card, ago(minutes=11))
    client.post(url, {"way": "second_factor"})
    assert not is_active(card)


def test_one_that_was_removed_since_is_not(client, url, card, phones):
    factor = used_factor(client, card, ago(minutes=1), reauthenticated=True)
    assert "已确认是您本人" in text(client.get(url))
    factor.delete()
    assert "登录密码" in text(client.get(url))  # the use of a factor stood for the password too
    client.post(url, {"way": "second_factor"})
    assert not is_active(card)


# --- What a check is good for


def test_a_passed_check_is_not_asked_for_again(client, url, card):
    values = {"holder": card.holder, "by": card.holder.user, "at": timezone.now()}
    pass_check(**values, purpose=Purpose.ACTIVATE)
    assert "身份已经核对过" in text(client.get(url))
    client.post(url, {})
    assert is_active(card)


@pytest.mark.parametrize(
    "action",
    [AccountAction.SIGN_OUT, AccountAction.END_ALL_SESSIONS, AccountAction.CHANGE_PASSWORD],
)
def test_a_passed_check_ends_with_the_sign_out_and_with_the_password(client, url, card, action):
    user = card.holder.user
    pass_check(holder=card.holder, by=user, at=ago(minutes=1), purpose=Purpose.ACTIVATE)
    record(action, make_holder().user, by=None)  # another's says nothing about this one
    assert "身份已经核对过" in text(client.get(url))
    record(action, user, by=user)
    assert "身份已经核对过" not in text(client.get(url))
    client.post(url, {})
    assert not is_active(card)


def test_a_check_by_a_factor_ends_with_the_factor(client, url, card):
    values = {"holder": card.holder, "by": card.holder.user, "purpose": Purpose.ACTIVATE}
    pass_check(**values, at=ago(minutes=2), method=CheckMethod.SECOND_FACTOR)
    record(AccountAction.REMOVE_FACTOR, card.holder.user, by=None)
    assert "身份已经核对过" not in text(client.get(url))
    pass_check(**values, at=timezone.now())
    record(AccountAction.REMOVE_FACTOR, card.holder.user, by=None)
    assert "身份已经核对过" in text(client.get(url))


def test_a_check_for_another_purpose_is_worth_nothing(client, url, card):
    values = {"holder": card.holder, "by": card.holder.user, "at": timezone.now()}
    pass_check(**values, purpose=Purpose.LOSS_REPORT)
    client.post(url, {})
    assert not is_active(card)


def test_a_face_is_not_offered_and_not_taken(client, url, card, scripted):
    page = text(client.get(f"{url}?way=face"))
    assert "刷脸" not in page
    assert "二选一" not in page


def test_without_a_phone_the_page_says_what_to_do(client, url, card):
    card.holder.phone = ""
    card.holder.save()
    page = text(client.get(url))
    assert "请联系人事处登记" in page
    assert "确认启用" not in page
    client.post(url, {})
    assert not is_active(card)
