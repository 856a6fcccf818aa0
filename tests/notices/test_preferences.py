"""Each person chooses a way; what protects an account, and what is not delivered, goes by SMS."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.common.messaging import SendFailed
from apps.events.messages import FORMER_PHONE, MAIL, PORTAL, SMS, WECOM
from apps.events.models import Event
from apps.notices import channels, preferences, quiet_hours, services
from apps.notices.enums import MessageWay, NoticeStatus
from apps.notices.integrity import INVARIANTS
from apps.notices.models import Notice
from apps.people.event_kinds import AccountAction
from tests.factories.cards import AT, make_request
from tests.notices.wecom_server import MEMBER

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=1)
PAGE = reverse("notices:way")


def run(at=LATER):
    services.collect(at=at, limit=100)
    return services.send_due(at=at, limit=100)


def told(user):
    sent = Notice.objects.filter(recipient=user, status=NoticeStatus.SENT)
    return set(sent.values_list("channel", flat=True))


@pytest.fixture
def applicant(settings):
    settings.MAIL_ADDRESS = "{number}@example.edu.cn"
    return make_request(RequestStatus.ACCEPTED).applicant


@pytest.mark.parametrize(
    ("way", "reached"),
    [
        (MessageWay.SMS, {PORTAL, SMS}),
        (MessageWay.MAIL, {PORTAL, MAIL}),
        (MessageWay.NONE, {PORTAL}),
    ],
)
def test_a_message_goes_the_way_that_was_chosen(applicant, phones, way, reached):
    services.choose_way(user=applicant, way=way, at=AT)
    run()
    assert told(applicant) == reached
    assert [sent.to for sent in mail.outbox] == (
        [[f"{applicant.employee_number}@example.edu.cn"]] if MAIL in reached else []
    )


def test_a_member_of_the_university_reads_it_in_its_own_application(applicant, wecom_server):
    applicant.employee_number = MEMBER
    applicant.save()
    services.choose_way(user=applicant, way=MessageWay.WECOM, at=AT)
    run()
    assert told(applicant) == {PORTAL, WECOM}
    ((member, text),) = wecom_server.told
    assert member == MEMBER
    assert text.startswith(channels.SIGN)


def test_who_is_no_member_gets_an_sms_instead(applicant, wecom_server, phones):
    services.choose_way(user=applicant, way=MessageWay.WECOM, at=AT)
    run()
    run(LATER + timedelta(minutes=1))
    assert told(applicant) == {PORTAL, SMS}
    assert "企业微信里没有收信人" in Notice.objects.get(channel=WECOM).last_error


def test_so_does_who_cannot_be_reached_after_the_last_try(applicant, wecom_server, phones):
    applicant.employee_number = MEMBER
    applicant.save()
    wecom_server.answers = [{"errcode": -1}] * 20
    services.choose_way(user=applicant, way=MessageWay.WECOM, at=AT)
    at = LATER
    for _ in range(10):
        run(at)
        at += timedelta(hours=2)
    assert told(applicant) == {PORTAL, SMS}
    assert Notice.objects.get(channel=WECOM).status == NoticeStatus.GIVEN_UP


@pytest.mark.parametrize("way", [MessageWay.NONE, MessageWay.MAIL])
def test_what_protects_an_account_goes_by_sms_all_the_same(settings, way):
    settings.MAIL_ADDRESS = "{number}@example.edu.cn"
    names = (PORTAL, SMS, FORMER_PHONE)
    assert preferences.channels_for(names, is_urgent=True, way=way) == names


def test_a_way_that_the_installation_no_longer_has_counts_as_sms(applicant, settings):
    services.choose_way(user=applicant, way=MessageWay.MAIL, at=AT)
    settings.MAIL_ADDRESS = ""
    assert preferences.way_of(applicant) == MessageWay.SMS
    with pytest.raises(ValueError, match="not offered"):
        services.choose_way(user=applicant, way=MessageWay.MAIL, at=AT)


def test_the_page_shows_what_was_chosen_and_a_change_is_recorded_once(client, applicant):
    client.force_login(applicant)
    for _ in range(2):
        response = client.post(PAGE, {"way": "MAIL"}, follow=True)
        assert "已保存" in response.content.decode()
    assert 'value="MAIL" required id="id_way_1" checked' in " ".join(
        response.content.decode().split()
    )
    changes = Event.objects.filter(action=AccountAction.CHOOSE_MESSAGES)
    assert [(event.facts["before"], event.facts["after"]) for event in changes] == [("SMS", "MAIL")]


@pytest.mark.parametrize("typed", ["", "WECOM", "x\x00"])
def test_a_way_that_is_not_there_is_refused_beside_the_field(client, applicant, typed):
    client.force_login(applicant)
    page = client.post(PAGE, {"way": typed}).content.decode()
    assert "请选一种方式。" in page or "请在列出的方式里选一种。" in page
    assert preferences.way_of(applicant) == MessageWay.SMS


@pytest.mark.parametrize(
    ("clock", "rings"),
    [
        ("2026-03-02 21:59", "2026-03-02 21:59"),
        ("2026-03-02 22:00", "2026-03-03 07:00"),
        ("2026-03-03 00:30", "2026-03-03 07:00"),
        ("2026-03-03 06:59", "2026-03-03 07:00"),
        ("2026-03-03 07:00", "2026-03-03 07:00"),
    ],
)
def test_nothing_rings_at_night(settings, clock, rings):
    settings.QUIET_HOURS = "22:00-07:00"
    here = timezone.get_default_timezone()
    moment = datetime.fromisoformat(clock).replace(tzinfo=here)
    assert quiet_hours.after(moment) == datetime.fromisoformat(rings).replace(tzinfo=here)


def test_at_night_only_what_does_not_ring_is_sent(applicant, phones, settings):
    settings.QUIET_HOURS = "22:00-07:00"
    night = timezone.localtime(LATER).replace(hour=23) + timedelta(days=1)
    run(night)
    assert told(applicant) == {PORTAL}
    assert [row for rule in INVARIANTS for row in rule.breaches(night)] == []
    run(night + timedelta(hours=8))
    assert told(applicant) == {PORTAL, SMS}


@pytest.mark.parametrize("what", ["failed", "late", "again"])
def test_what_comes_up_again_at_night_waits_too(applicant, phones, settings, monkeypatch, what):
    """A try of the evening that failed, a worker that was down, an operator who tries again."""
    settings.QUIET_HOURS = "22:00-07:00"
    evening = timezone.localtime(LATER).replace(hour=21, minute=50) + timedelta(days=1)
    night = evening + timedelta(hours=3)

    def away(**message):
        raise SendFailed("away")

    if what != "late":
        with monkeypatch.context() as patched:
            patched.setattr(channels, "send_sms", away)
            run(evening)
    else:
        services.collect(at=evening, limit=100)
    if what == "again":
        Notice.objects.filter(channel=SMS).update(next_try_at=night, tries=0)
    for minutes in range(0, 60, 10):
        run(night + timedelta(minutes=minutes))
    assert told(applicant) == {PORTAL}
    assert not Notice.objects.due(night + timedelta(hours=2)).exists(), "nor looked at all night"
    run(night + timedelta(hours=8))
    assert told(applicant) == {PORTAL, SMS}
