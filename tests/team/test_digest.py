"""The mail of the morning: numbers and addresses, once a working day, and not when it is empty."""

from datetime import datetime, timedelta
from smtplib import SMTPServerDisconnected
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.desk import roles
from apps.desk.claims import services as claims
from apps.desk.referrals import services as referrals
from apps.review import queue
from apps.team import overdue, sending
from apps.team.models import Digest
from tests.factories.cards import make_request
from tests.factories.people import make_colleague, make_reviewer

pytestmark = pytest.mark.django_db


def moment(day, hour=8, minute=5):
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai"))


MONDAY, SATURDAY = moment(23), moment(21)


@pytest.fixture(autouse=True)
def _mail(settings):
    settings.MAIL_ADDRESS = "{number}@example.edu.cn"


@pytest.fixture
def reviewer():
    return make_reviewer()


def go(at=MONDAY):
    sending.plan(at=at)
    return sending.send_due(at=at, limit=100)


def late_request():
    return make_request(RequestStatus.ACCEPTED, at=MONDAY - timedelta(days=20))


def test_a_reviewer_reads_numbers_and_addresses_and_nobody_s_data(reviewer):
    card_request = late_request()
    assert go() == 1
    [letter] = mail.outbox
    assert letter.to == [f"{reviewer.employee_number}@example.edu.cn"]
    assert "待审核申请：超期 1 件，没有人领办 1 件" in letter.body
    assert "?stage=waiting&age=overdue" in letter.body
    holder = card_request.holder
    for secret in (holder.name, holder.phone, holder.id_number, card_request.reference):
        assert secret not in letter.body


def test_it_goes_once_a_day_however_often_the_task_runs(reviewer):
    late_request()
    assert go() == 1
    assert go() == go(MONDAY + timedelta(hours=2)) == 0
    assert go(MONDAY + timedelta(days=1)) == 1
    assert Digest.objects.filter(user=reviewer).count() == 2


@pytest.mark.usefixtures("reviewer")
@pytest.mark.parametrize("at", [SATURDAY, moment(23, 7, 59), moment(23, 12, 1)])
def test_not_on_holidays_and_in_the_morning_only(at):
    late_request()
    assert go(at) == 0


@pytest.mark.usefixtures("reviewer")
def test_not_when_there_is_nothing_to_do_and_not_later_that_day():
    assert go() == 0
    late_request()
    assert go(MONDAY + timedelta(hours=1)) == 0
    assert mail.outbox == []


@pytest.mark.usefixtures("reviewer")
def test_not_without_addresses(settings):
    settings.MAIL_ADDRESS = ""
    late_request()
    assert go() == 0
    assert not Digest.objects.exists()


def test_only_those_who_decide_get_one(reviewer):
    late_request()
    for role in (roles.AUDITOR, roles.FINANCE, roles.OPERATOR):
        make_colleague(role)
    make_reviewer(is_active=False)
    go()
    assert [digest.user for digest in Digest.objects.all()] == [reviewer]


def test_the_team_lead_reads_of_the_whole_team_too():
    make_colleague(roles.SUPERVISOR)
    late_request()
    go()
    assert "全组：申请超期 1 件，有人在办 0 件" in mail.outbox[0].body


def test_what_a_server_did_not_take_is_tried_again(reviewer, monkeypatch):
    late_request()

    def refuse(*args, **kwargs):
        raise SMTPServerDisconnected

    with monkeypatch.context() as broken:
        broken.setattr("apps.notices.channels.send_mail", refuse)
        assert go() == 0
    assert go() == 0
    assert go(MONDAY + timedelta(minutes=10)) == 1
    digest = Digest.objects.get(user=reviewer)
    assert (digest.tries, digest.next_try_at) == (2, None)


def test_a_worker_that_died_while_sending_sends_none_rather_than_two(monkeypatch):
    make_reviewer()
    late_request()

    def die(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr("apps.team.sending.mail", die)
        with pytest.raises(KeyboardInterrupt):
            go()
    assert go() == 0


def lines(user, at=MONDAY):
    return {line.label: line for line in overdue.lines_for(user, at=at)}


def test_what_is_due_today_agrees_with_the_list_it_leads_to(reviewer):
    """Every day from the beginning on the case is early, due today, or overdue, in that order."""
    card_request = make_request(RequestStatus.ACCEPTED, at=moment(16, 10))
    last = queue.promise_of(CardRequest.objects.get(pk=card_request.pk))
    for day in range(17, 24):
        line = lines(reviewer, moment(day))["待审核申请"]
        today = day_of(moment(day))
        assert (line.overdue, line.due_today) == (int(today > last), int(today == last))


def test_a_claimed_case_is_not_free_and_a_referred_one_is_named(reviewer):
    card_request, colleague = late_request(), make_reviewer()
    claims.claim(subject=card_request, by=colleague, at=MONDAY)
    assert lines(reviewer)["待审核申请"].free == 0
    referrals.ask(subject=card_request, to=reviewer, note="请看照片", by=colleague, at=MONDAY)
    assert lines(reviewer)["同事转给您、请您看的"].words == "1 件"
    assert "同事转给您、请您看的" not in lines(colleague)


def test_rows_of_long_ago_are_deleted(reviewer, settings):
    late_request()
    go()
    after = MONDAY + settings.DIGEST_RETENTION
    assert sending.forget(at=after, limit=10) == 0
    assert sending.forget(at=after + timedelta(days=1), limit=10) == 1
