"""Invitations by SMS, and the first sign-in by their link."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user
from django.urls import reverse
from django.utils import timezone

from apps.common.messaging import SendFailed, WrongPhone
from apps.common.moments import day_of, end_of
from apps.invitations import services as invitations
from apps.invitations.refusals import InvitationRefused
from apps.notices.models import OutboxMessage
from apps.people.models import Holder, User
from apps.roster import inviting
from apps.roster.enums import InvitationStatus
from apps.roster.models import Invitation
from tests.factories.people import make_holder, make_user
from tests.factories.rosters import make_upload

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
PASSWORD = "a-first-good-password"


@pytest.fixture
def hr():
    return make_user("HR1", is_staff=True)


@pytest.fixture
def upload(hr):
    return make_upload(by=hr, at=AT)


@pytest.fixture
def holder():
    """A new member of the staff, without a password."""
    return make_holder(user=make_user(password=None))


@pytest.fixture
def invitation(holder, upload):
    inviting.invite(user=holder.user, upload=upload, at=AT)
    return Invitation.objects.get()


def link():
    """The path of the newest link that was sent."""
    text = OutboxMessage.objects.latest("pk").text
    return re.search(r"/accounts/welcome/[^ ]+/", text)[0]


def token():
    return link().split("/")[3]


def sent_now(invitation):
    Invitation.objects.filter(pk=invitation.pk).update(next_try_at=timezone.now())
    invitations.send_due(at=timezone.now(), limit=10)
    return link()


def answer(client, url, holder, *, last_four=None, password=PASSWORD, again=None):
    data = {"last_four": last_four or holder.id_number[-4:], "password1": password}
    return client.post(url, data | {"password2": again or password})


def break_sender(monkeypatch, error):
    def send(**kwargs):
        raise error

    monkeypatch.setattr(invitations, "send_sms", send)


def test_nobody_is_invited_to_a_password_that_would_not_count(holder, upload, settings):
    settings.LOCAL_SIGN_IN = False
    inviting.invite(user=holder.user, upload=upload, at=AT)
    assert not Invitation.objects.exists()


def test_an_invitation_is_sent_once_and_says_nothing_about_the_person(invitation, holder):
    assert invitations.send_due(at=AT, limit=10) == 1
    assert invitations.send_due(at=AT + timedelta(days=1), limit=10) == 0
    message = OutboxMessage.objects.get()
    assert message.recipient == holder.phone
    for secret in (holder.name, holder.id_number, holder.phone, holder.user.employee_number):
        assert secret not in message.text
    invitation.refresh_from_db()
    assert (invitation.sent_at, invitation.expires_at) == (
        AT,
        end_of(day_of(AT) + timedelta(days=7)),
    )
    assert token() not in str(Invitation.objects.values())


def test_the_link_alone_tells_nothing_of_its_owner(client, invitation, holder):
    url = sent_now(invitation)
    known = f"garden-{holder.user.employee_number}-{holder.id_number}"
    wrong = "1111" if holder.id_number[-4:] != "1111" else "2222"
    page = answer(client, url, holder, last_four=wrong, password=known)
    assert list(page.context["form"].errors) == ["last_four"]


def test_a_password_with_what_is_known_is_refused_and_costs_no_try(
    client, invitation, holder, settings
):
    url = sent_now(invitation)
    known = f"garden-{holder.user.employee_number}"
    for _ in range(settings.INVITATION_TRIES):
        page = answer(client, url, holder, password=known)
        assert "密码里有您的工号" in str(page.context["form"].errors["password1"])
    assert answer(client, url, holder).status_code == 302


def test_what_was_not_sent_is_tried_again_and_given_up_in_the_end(invitation, monkeypatch):
    break_sender(monkeypatch, SendFailed("gateway down"))
    at = AT
    for _ in range(20):
        invitations.send_due(at=at, limit=10)
        at += timedelta(hours=1)
    invitation.refresh_from_db()
    assert (invitation.tries, invitation.next_try_at) == (invitations.MOST_TRIES, None)
    assert invitation.last_error == "gateway down"


def test_a_wrong_number_is_given_up_at_once(invitation, monkeypatch):
    break_sender(monkeypatch, WrongPhone("answered 422"))
    invitations.send_due(at=AT, limit=10)
    invitation.refresh_from_db()
    assert (invitation.tries, invitation.status) == (1, InvitationStatus.GIVEN_UP)
    assert "短信平台不收这个手机号" in invitation.last_error


def test_who_died_while_sending_is_followed_by_another(invitation, monkeypatch):
    with pytest.MonkeyPatch.context() as patch:
        break_sender(patch, KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            invitations.send_due(at=AT, limit=10)
    assert invitations.send_due(at=AT + timedelta(minutes=1), limit=10) == 0
    assert invitations.send_due(at=AT + timedelta(minutes=6), limit=10) == 1


def test_without_a_phone_it_says_so(invitation, holder):
    holder.phone = ""
    holder.save()
    invitations.send_due(at=AT, limit=10)
    invitation.refresh_from_db()
    assert (invitation.last_error, invitation.next_try_at) == ("没有登记手机号", None)


def test_a_person_has_one_live_invitation(invitation, holder, upload):
    inviting.invite(user=holder.user, upload=upload, at=AT)
    assert Invitation.objects.count() == 1


def test_who_has_a_password_is_not_invited(upload):
    inviting.invite(user=make_holder().user, upload=upload, at=AT)
    assert not Invitation.objects.exists()


def test_another_link_voids_the_one_before(invitation, hr):
    invitations.send_due(at=AT, limit=10)
    first = token()
    later = AT + timedelta(hours=1)
    invitations.resend(invitation=Invitation.objects.get(), by=hr, at=later)
    invitations.send_due(at=later, limit=10)
    with pytest.raises(InvitationRefused, match="unknown"):
        invitations.find(token=first, at=later)
    assert invitations.find(token=token(), at=later) == invitation


def test_it_is_not_sent_again_within_a_minute(invitation, hr):
    invitations.send_due(at=AT, limit=10)
    with pytest.raises(InvitationRefused, match="too_soon"):
        invitations.resend(invitation=Invitation.objects.get(), by=hr, at=AT)


def test_the_link_leads_to_a_password_and_to_applying(client, invitation, holder):
    url = sent_now(invitation)
    html = client.get(url).content.decode()
    assert "设置密码并登录" in html
    for secret in (holder.name, holder.id_number, holder.phone):
        assert secret not in html
    response = answer(client, url, holder)
    assert (response.status_code, response["Location"]) == (302, reverse("home:home"))
    assert get_user(client) == holder.user
    assert User.objects.get(pk=holder.user_id).check_password(PASSWORD)
    assert reverse("application:guide") in client.get("/").content.decode()


def test_a_link_is_good_once(client, invitation, holder):
    url = sent_now(invitation)
    answer(client, url, holder)
    response = answer(client, url, holder, password="a-second-good-password")
    assert response.status_code == 410
    assert "已经用过了" in response.content.decode()
    assert User.objects.get(pk=holder.user_id).check_password(PASSWORD)


def test_a_wrong_answer_is_counted_and_five_are_the_end(client, invitation, holder):
    url = sent_now(invitation)
    assert "还可以再试 4 次" in answer(client, url, holder, last_four="0000").content.decode()
    for _ in range(3):
        answer(client, url, holder, last_four="0000")
    assert "已作废" in answer(client, url, holder, last_four="0000").content.decode()
    response = answer(client, url, holder)
    assert response.status_code == 410
    assert "重新发送邀请短信" in response.content.decode()
    assert not User.objects.get(pk=holder.user_id).has_usable_password()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"password": "short"}, "10"),
        ({"again": "another-good-word"}, "两次输入的密码不一致"),
        ({"last_four": "12"}, "请输入后四位"),
    ],
)
def test_what_was_mistyped_is_explained_and_takes_no_try(
    client, invitation, holder, options, words
):
    url = sent_now(invitation)
    assert words in answer(client, url, holder, **options).content.decode()
    invitation.refresh_from_db()
    assert invitation.wrong_answers == 0


def test_an_old_link_says_what_to_do(client, invitation, settings):
    url = sent_now(invitation)
    Invitation.objects.update(expires_at=timezone.now())
    response = client.get(url)
    assert response.status_code == 410
    assert "已过期" in response.content.decode()


def test_a_link_of_somebody_who_left_is_worth_nothing(client, invitation, holder):
    url = sent_now(invitation)
    User.objects.filter(pk=holder.user_id).update(is_active=False)
    assert "已停用" in client.get(url).content.decode()


def test_a_link_is_good_for_the_number_that_it_was_sent_to(client, invitation, holder, upload):
    url = sent_now(invitation)
    holder.phone = "13899990000"
    holder.save()
    page = client.get(url)
    assert page.status_code == 410
    assert "手机号已经变更" in page.content.decode()
    inviting.follow_phone(user=holder.user, upload=upload, at=timezone.now())
    assert answer(client, sent_now(invitation), holder).status_code == 302


def test_a_link_that_never_was_says_so(client):
    response = client.get(reverse("account_welcome", args=["nothing"]))
    assert response.status_code == 410
    assert "链接无效" in response.content.decode()


def test_nothing_personal_is_logged(client, invitation, holder, caplog):
    url = sent_now(invitation)
    answer(client, url, holder, last_four="0000")
    answer(client, url, holder)
    for secret in (holder.name, holder.id_number, holder.phone, token()):
        assert secret not in caplog.text
    assert Holder.objects.count() == 1


@pytest.mark.parametrize(
    "spelling",
    [
        lambda tail: f" {tail[:2]} {tail[2:]}\u200e",
        lambda tail: tail.translate({digit: digit + 0xFEE0 for digit in range(0x30, 0x3A)}),
        lambda tail: tail.replace("X", "ｘ"),
    ],
    ids=["with blanks and marks", "full width", "a wide x"],
)
def test_the_last_four_may_be_typed_as_they_read(client, invitation, holder, spelling):
    url = sent_now(invitation)
    answer(client, url, holder, last_four=spelling(holder.id_number[-4:]))
    assert User.objects.get(pk=holder.user_id).has_usable_password()
