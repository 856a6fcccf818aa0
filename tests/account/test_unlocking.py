"""After a lock-out, the second factor lets the owner try again from any browser."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.urls import reverse

from apps.events.models import Event
from apps.people.event_kinds import ACCOUNT, AccountAction
from tests.account.test_sign_in import LOCKED, sign_in
from tests.factories.people import make_holder

pytestmark = pytest.mark.django_db
UNLOCK = reverse("account_unlock")


@pytest.fixture
def locked(client, settings):
    """Somebody with an authenticator whose account a stranger has locked; and its secret."""
    user = make_holder(phone="13900001234").user
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    stranger = type(client)()
    for _ in range(settings.PASSWORD_TRIES):
        sign_in(stranger, user.employee_number, "wrong-password-1")
    return user, secret


def code_of(secret):
    return format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[1]))


def prove(client, account, code):
    return client.post(UNLOCK, {"account": account, "code": code})


def is_locked(client, user):
    form = sign_in(client, user.employee_number).context
    return form is not None and LOCKED in str(form["form"].errors)


@pytest.mark.parametrize("is_recovery", [True, False])
def test_a_code_lets_one_try_again_here_and_nowhere_else(client, locked, is_recovery):
    user, secret = locked
    code = RecoveryCodes.activate(user).get_unused_codes()[0] if is_recovery else code_of(secret)
    assert is_locked(client, user)
    assert prove(client, "139 0000 1234", code)["Location"] == reverse("account_login")
    assert not is_locked(client, user)
    elsewhere = type(client)()
    assert is_locked(elsewhere, user)
    assert prove(elsewhere, user.employee_number, code).status_code == 200  # used up
    assert Event.objects.of_kind(ACCOUNT).filter(action=AccountAction.UNLOCK).count() == 1


def test_the_answer_is_one_for_all_that_is_wrong(client, locked):
    user, _ = locked
    other = make_holder().user
    answers = {
        str(prove(client, account, "000000").context["form"].non_field_errors())
        for account in (user.employee_number, other.employee_number, "T9999999")
    }
    assert len(answers) == 1


def test_who_guesses_codes_uses_up_the_tries_of_one_address(client, locked, settings):
    user, secret = locked
    for _ in range(settings.PASSWORD_TRIES):
        prove(client, user.employee_number, "000000")
    answer = prove(client, user.employee_number, code_of(secret))
    assert "次数太多" in answer.content.decode()
    owner = type(client)(REMOTE_ADDR="10.1.2.3")
    assert prove(owner, user.employee_number, code_of(secret)).status_code == 303
