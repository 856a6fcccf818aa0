"""重设密码: by a code to the registered phone and the end of the ID number."""

import re

import pytest
from django.contrib.auth import get_user
from django.urls import reverse

from apps.events.models import Event
from apps.notices.models import OutboxMessage
from apps.people.event_kinds import ACCOUNT, AccountAction
from sbk_portal import rules
from tests.factories.people import PASSWORD, make_holder, make_user

pytestmark = pytest.mark.django_db
PHONE = "13900001234"
NEW = "another-good-word-2026"
ASK, ENTER = reverse("account_reset_ask"), reverse("account_reset_enter")
PASSWORDS = {"password1": NEW, "password2": NEW}


@pytest.fixture
def holder():
    return make_holder(phone=PHONE)


def ask(client, account, last_six):
    return client.post(ASK, {"account": account, "last_six": last_six})


def ask_as(client, holder):
    return ask(client, holder.user.employee_number, holder.id_number[-6:])


def code_sent():
    """The code of the last message."""
    return re.search(r"验证码 (\d+)", OutboxMessage.objects.latest("pk").text)[1]


def sign_in(client, holder, password):
    data = {"login": holder.user.employee_number, "password": password}
    client.post(reverse("account_login"), data)
    return get_user(client).is_authenticated


def actions():
    return list(Event.objects.of_kind(ACCOUNT).order_by("pk").values_list("action", flat=True))


def test_the_sign_in_page_leads_there(client):
    assert f'href="{ASK}"' in client.get(reverse("account_login")).content.decode()


@pytest.mark.parametrize("is_by_phone", [True, False])
def test_a_password_is_reset_and_every_session_ends(client, holder, is_by_phone):
    elsewhere = type(client)()
    assert sign_in(elsewhere, holder, PASSWORD)
    account = f"+86 {PHONE}" if is_by_phone else holder.user.employee_number.lower()
    assert ask(client, account, holder.id_number[-6:].lower())["Location"] == ENTER
    answer = client.post(ENTER, PASSWORDS | {"code": code_sent()})
    assert answer["Location"] == reverse("account_reset_done")
    assert AccountAction.RESET_PASSWORD in actions()
    assert not get_user(elsewhere).is_authenticated
    assert not sign_in(client, holder, PASSWORD)
    assert sign_in(client, holder, NEW)


def test_a_code_resets_once(client, holder):
    ask_as(client, holder)
    data = PASSWORDS | {"code": code_sent()}
    client.post(ENTER, data)
    assert client.post(ENTER, data)["Location"] == ASK


def strangers():
    holder = make_holder(phone="13900005555")
    gone = make_holder(phone="13900006666")
    gone.user.is_active = False
    gone.user.save()
    unreachable = make_holder(phone="")
    return {
        "nobody": ("NOBODY", "123456"),
        "another ID number": (holder.user.employee_number, "000000"),
        "a disabled account": (gone.user.employee_number, gone.id_number[-6:]),
        "no phone": (unreachable.user.employee_number, unreachable.id_number[-6:]),
        "an account without a person": (make_user().employee_number, "123456"),
    }


def test_nobody_learns_which_account_exists(client, holder):
    ask_as(client, holder)
    wrong = {"code": f"{(int(code_sent()) + 1) % 1_000_000:06d}"}
    known = client.post(ENTER, PASSWORDS | wrong).content.decode()
    sent = OutboxMessage.objects.count()
    for who, (account, last_six) in strangers().items():
        client.cookies.clear()
        assert ask(client, account, last_six)["Location"] == ENTER, who
        page = client.post(ENTER, PASSWORDS | wrong).content.decode()
        assert without_token(page) == without_token(known), who
    assert OutboxMessage.objects.count() == sent
    assert AccountAction.RESET_PASSWORD not in actions()


def test_nor_by_a_password_that_is_judged_by_what_is_known_of_the_owner(client, holder):
    """The birth date could be asked day by day, with the end of the ID number and no code."""
    ask_as(client, holder)
    typed = f"garden-{holder.birth_date:%Y%m%d}-{holder.user.employee_number}"
    data = {"code": "000000", "password1": typed, "password2": typed}
    known = client.post(ENTER, data).content.decode()
    client.cookies.clear()
    ask(client, "NOBODY", "123456")
    assert without_token(client.post(ENTER, data).content.decode()) == without_token(known)


def test_after_the_code_it_is_and_the_code_still_counts_in_this_browser_only(client, holder):
    ask_as(client, holder)
    code = code_sent()
    typed = f"garden-{holder.user.employee_number}"
    data = {"code": code, "password1": typed, "password2": typed}
    page = client.post(ENTER, data)
    assert "密码里有您的工号" in str(page.context["form"].errors["password1"])

    stranger = type(client)()
    ask_as(stranger, holder)
    stranger.post(ENTER, PASSWORDS | {"code": "000000"})
    assert not sign_in(stranger, holder, NEW)
    client.post(ENTER, PASSWORDS | {"code": code})
    assert sign_in(client, holder, NEW)


@pytest.mark.parametrize("phone", ["13900009999", ""])
def test_a_proof_by_a_phone_that_the_office_then_changes_is_worth_nothing(client, holder, phone):
    ask_as(client, holder)
    data = {"code": code_sent(), "password1": (weak := f"a-{PHONE}"), "password2": weak}
    assert client.post(ENTER, data).context["form"].errors["password1"]
    holder.phone = phone
    holder.save()
    client.post(ENTER, PASSWORDS | {"code": "000000"})
    assert not sign_in(client, holder, NEW)
    assert sign_in(client, holder, PASSWORD)


def test_the_number_and_the_phone_of_an_account_share_their_tries(client, holder):
    for _ in range(rules.PASSWORD_RESETS_PER_HOUR):
        ask(client, holder.user.employee_number, "000000")
    answer = ask(client, holder.phone, holder.id_number[-6:])
    assert "试的次数太多了" in answer.content.decode()


def without_token(page):
    return re.sub(r'(csrfmiddlewaretoken" value|X-CSRFToken": )[=" ]*"[^"]+"', "", page)


def test_the_end_of_an_id_number_cannot_be_guessed(client, holder):
    for _ in range(rules.PASSWORD_RESETS_PER_HOUR):
        ask(client, holder.user.employee_number, "000000")
    answer = ask_as(client, holder)
    assert "试的次数太多了" in answer.content.decode()
    assert not OutboxMessage.objects.exists()


def test_a_weak_password_is_said_beside_its_field_and_the_code_is_still_good(client, holder):
    ask_as(client, holder)
    code = code_sent()
    page = client.post(ENTER, {"code": code, "password1": "123", "password2": "123"})
    assert page.context["form"].errors["password1"]
    client.post(ENTER, PASSWORDS | {"code": code})
    assert sign_in(client, holder, NEW)


def test_the_second_page_alone_leads_to_the_first(client):
    assert client.get(ENTER)["Location"] == ASK
