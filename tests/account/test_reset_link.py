"""The link that an administrator has sent to somebody's phone."""

import re

import pytest
from django.contrib.auth import get_user
from django.urls import reverse
from django.utils import timezone

from apps.account.password_reset import services
from apps.common.refusals import Refused
from apps.events.models import Event
from apps.people.event_kinds import ACCOUNT, AccountAction
from apps.people.models import User
from tests.factories.people import make_holder, make_user

pytestmark = pytest.mark.django_db
NEW = "another-good-word-2026"


@pytest.fixture
def holder():
    return make_holder(phone="13900001234")


def page_of(text):
    return re.search(r"(/accounts/password/link/\S+)", text)[1]


def send(account, phone=None):
    services.send_link(account=account, phone=phone, by=make_user(), at=timezone.now())


def open_it(client, page, last_six, password=NEW):
    data = {"last_six": last_six, "password1": password, "password2": password}
    return client.post(page, data)


def test_the_owner_sets_a_password_once_and_every_session_ends(client, holder, phones):
    elsewhere = type(client)()
    elsewhere.force_login(holder.user)
    send(holder.user)
    page = page_of(phones[-1][1])
    assert "社会保障号码" in client.get(page).content.decode()
    answer = open_it(client, page, holder.id_number[-6:].lower())
    assert answer["Location"] == reverse("account_reset_done")
    assert User.objects.get(pk=holder.user_id).check_password(NEW)
    assert not get_user(elsewhere).is_authenticated
    assert client.get(page).status_code == 410
    actions = Event.objects.of_kind(ACCOUNT).order_by("pk").values_list("action", flat=True)
    assert list(actions)[-2:] == [AccountAction.SEND_LINK, AccountAction.RESET_PASSWORD]


def test_whoever_has_the_link_alone_guesses_in_vain(client, holder, phones, settings):
    send(holder.user)
    page = page_of(phones[-1][1])
    for _ in range(settings.PASSWORD_RESETS_PER_HOUR):
        assert "后六位不对" in open_it(client, page, "000000").content.decode()
    assert "次数太多" in open_it(client, page, holder.id_number[-6:]).content.decode()
    assert not User.objects.get(pk=holder.user_id).check_password(NEW)


def test_a_weak_password_is_said_beside_its_field(client, holder, phones):
    send(holder.user)
    answer = open_it(client, page_of(phones[-1][1]), holder.id_number[-6:], "13900001234-abc")
    assert "手机号" in str(answer.context["form"].errors["password1"])


def test_without_the_end_of_the_id_number_the_link_tells_nothing_of_its_owner(
    client, holder, phones
):
    """One long password with all ends of a number in it said which of them was right."""
    send(holder.user)
    page = page_of(phones[-1][1])
    answer = open_it(
        client, page, "000000", f"garden-{holder.birth_date:%Y%m%d}-{holder.id_number}"
    )
    assert list(answer.context["form"].errors) == ["last_six"]


def test_somebody_without_a_person_gives_no_id_number(client, phones):
    account = make_user()
    send(account, "13900005555")
    page = page_of(phones[-1][1])
    assert client.post(page, {"password1": NEW, "password2": NEW}).status_code == 302
    assert User.objects.get(pk=account.pk).check_password(NEW)


def test_a_link_that_is_forged_old_or_of_a_closed_account_is_no_page(
    client, holder, phones, settings
):
    send(holder.user)
    page = page_of(phones[-1][1])
    other = make_holder(phone="13900007777")
    send(other.user)
    key = page.split("/")[4]
    for forged in (page[:-3] + "x/", page.replace(key, page_of(phones[-1][1]).split("/")[4])):
        assert client.get(forged).status_code == 410
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert client.get(page).status_code == 410
    settings.PASSWORD_RESET_TIMEOUT = 60
    assert client.get(page).status_code == 200
    User.objects.filter(pk=holder.user_id).update(is_active=False)
    assert client.get(page).status_code == 410


def test_a_new_phone_ends_the_link_that_was_sent_to_the_one_before(client, holder, phones):
    send(holder.user)
    page = page_of(phones[-1][1])
    holder.phone = "13900009999"
    holder.save()
    assert client.get(page).status_code == 410
    assert open_it(client, page, holder.id_number[-6:]).status_code == 410


def test_none_is_sent_for_oneself_or_where_no_password_counts(holder, phones, settings):
    with pytest.raises(Refused, match="own"):
        services.send_link(account=holder.user, phone=None, by=holder.user, at=timezone.now())
    settings.LOCAL_SIGN_IN = False
    with pytest.raises(Refused, match="not_by_password"):
        send(holder.user)
    assert phones == []
