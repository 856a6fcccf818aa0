"""After a lock-out, a passkey of the account lets its owner try again from any browser."""

import json
import re

import pytest
from django.urls import reverse

from apps.events.models import Event
from apps.people.event_kinds import ACCOUNT, AccountAction
from tests.account.passkey import Passkey
from tests.account.test_sign_in import sign_in
from tests.account.test_unlocking import UNLOCK, is_locked
from tests.factories.people import make_holder

pytestmark = pytest.mark.django_db


@pytest.fixture
def locked(client, settings):
    """Somebody with a passkey whose account a stranger has locked; and the passkey."""
    user = make_holder(phone="13900001234").user
    passkey = Passkey()
    passkey.register(user)
    stranger = type(client)()
    for _ in range(settings.PASSWORD_TRIES):
        sign_in(stranger, user.employee_number, "wrong-password-1")
    return user, passkey


def ask(client, account):
    """The options that the page has for the browser."""
    page = client.post(UNLOCK, {"account": account, "way": "passkey"}).content.decode()
    assert 'data-passkey="get"' in page
    found = re.search(r'<script id="passkey-options"[^>]*>(.*?)</script>', page)
    return json.loads(found[1])


def answer(client, account, credential):
    return client.post(UNLOCK, {"account": account, "credential": credential})


def actions():
    events = Event.objects.of_kind(ACCOUNT)
    return [event.action for event in events.order_by("pk")]


def test_a_passkey_lets_one_try_again_here_and_nowhere_else(client, locked):
    user, passkey = locked
    assert is_locked(client, user)
    options = ask(client, "139 0000 1234")
    done = answer(client, "13900001234", passkey.answer(options))
    assert done["Location"] == reverse("account_login")
    assert not is_locked(client, user)
    assert is_locked(type(client)(), user)
    assert actions().count(AccountAction.UNLOCK) == 1


def test_an_answer_counts_once_and_for_its_own_question(client, locked):
    user, passkey = locked
    number = user.employee_number
    credential = passkey.answer(ask(client, number))
    other = type(client)()
    ask(other, number)
    assert answer(other, number, credential).status_code == 200
    assert answer(client, number, credential).status_code == 303
    assert answer(client, number, credential).status_code == 200
    assert actions().count(AccountAction.FACTOR_FAILED) == 2


def test_another_passkey_or_another_s_account_is_not_let_in(client, locked):
    user, passkey = locked
    other = make_holder().user
    theirs = Passkey()
    theirs.register(other)
    number = user.employee_number
    for account, key in ((number, Passkey()), (number, theirs), (other.employee_number, passkey)):
        page = answer(client, account, key.answer(ask(client, account)))
        assert page.status_code == 200
        assert "账户或通行密钥不对" in page.content.decode()
    assert is_locked(client, user)


@pytest.mark.sampled
@pytest.mark.parametrize("credential", ["", "x", "[]", "{}", '{"id": 1}', "null"])
def test_what_is_no_answer_is_refused_with_the_account_kept(client, locked, credential):
    user, _ = locked
    ask(client, user.employee_number)
    page = answer(client, user.employee_number, credential).content.decode()
    assert "账户或通行密钥不对" in page
    assert f'value="{user.employee_number}"' in page


def test_the_question_does_not_tell_whether_there_is_an_account_or_a_passkey(client, locked):
    user, _ = locked
    without = make_holder().user.employee_number
    shapes = set()
    for account in (user.employee_number, without, "T9999999"):
        twice = [ask(client, account)["publicKey"]["allowCredentials"] for _ in range(2)]
        assert twice[0] == twice[1], "the same account, the same question"
        shapes.add(str([(sorted(each), len(each["id"])) for each in twice[0]]))
    assert len(shapes) == 1
