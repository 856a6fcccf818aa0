"""Alarms: begun once, told once, over once; also where no worker makes the watch."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace

import pytest
from django.core import mail

from apps.operations import alarms, services, telling, watching
from apps.operations.enums import State
from apps.operations.examination import Diagnosis, Examined, HealthCheck
from apps.operations.models import Alarm, TaskRun
from tests.factories.cards import AT

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

CHECK = HealthCheck("broker", "消息队列", "重启它。", lambda at: None)
MINUTE = timedelta(minutes=1)


def settle(state, *, at, check=CHECK):
    alarms.settle(examined=[Examined(check, Diagnosis(state, "消息队列连不上。"))], at=at)


def tell(at):
    return telling.tell(title_of=lambda key: "消息队列", at=at)


@pytest.fixture(autouse=True)
def _by_mail(settings):
    settings.ALARM_EMAILS = ["night@example.edu.cn"]


def alarm(*, at):
    """The check is bad in two looks in a row, the second at the moment `at`."""
    settle(State.BAD, at=at - alarms.LOOKS_APART)
    settle(State.BAD, at=at)


def test_an_alarm_is_told_once_and_its_end_once():
    for minutes in range(4):
        settle(State.BAD, at=AT + minutes * MINUTE)
        tell(AT + minutes * MINUTE)
    assert [message.subject for message in mail.outbox] == ["[社保卡门户] 告警：消息队列"]
    assert "消息队列连不上。" in mail.outbox[0].body
    for minutes in range(4, 8):
        settle(State.OK, at=AT + minutes * MINUTE)
        tell(AT + minutes * MINUTE)
    assert len(mail.outbox) == 2
    assert "恢复" in mail.outbox[1].subject
    alarm(at=AT + 10 * MINUTE)
    assert Alarm.objects.count() == 2


def test_one_bad_look_is_no_alarm_and_one_good_look_no_all_clear():
    settle(State.BAD, at=AT)
    settle(State.BAD, at=AT + alarms.LOOKS_APART / 2)
    settle(State.OK, at=AT + MINUTE)
    settle(State.BAD, at=AT + 2 * MINUTE)
    assert not Alarm.objects.exists()
    settle(State.BAD, at=AT + 3 * MINUTE)
    settle(State.OK, at=AT + 4 * MINUTE)
    settle(State.BAD, at=AT + 5 * MINUTE)
    settle(State.BAD, at=AT + 6 * MINUTE)
    assert Alarm.objects.open().count() == Alarm.objects.count() == 1


def test_an_alarm_lasts_from_the_first_bad_look_to_the_first_good_one():
    alarm(at=AT)
    settle(State.OK, at=AT + 4 * MINUTE)
    settle(State.OK, at=AT + 5 * MINUTE)
    begun = Alarm.objects.get()
    assert (begun.began_at, begun.ended_at) == (AT - alarms.LOOKS_APART, AT + 4 * MINUTE)


def test_a_clock_that_is_set_back_keeps_no_alarm_waiting():
    settle(State.BAD, at=AT + 60 * MINUTE)
    settle(State.BAD, at=AT)
    settle(State.BAD, at=AT + MINUTE)
    begun = Alarm.objects.get()
    assert begun.began_at == AT
    settle(State.OK, at=AT - 60 * MINUTE)
    settle(State.OK, at=AT - 59 * MINUTE)
    begun.refresh_from_db()
    assert begun.ended_at == begun.began_at


def test_a_check_without_a_result_begins_and_ends_no_alarm():
    alarm(at=AT)
    for minutes in (1, 2, 3):
        settle(State.NEW, at=AT + minutes * MINUTE)
    assert Alarm.objects.open().count() == 1
    other = HealthCheck("beat", "定时任务进程", "重启它。", lambda at: None)
    for minutes in (1, 2, 3):
        settle(State.NEW, at=AT + minutes * MINUTE, check=other)
    assert Alarm.objects.count() == 1


def test_a_second_look_is_waited_for_until_it_has_decided():
    assert not alarms.waits_for_a_second_look()
    settle(State.BAD, at=AT)
    assert alarms.waits_for_a_second_look()
    settle(State.BAD, at=AT + MINUTE)
    assert not alarms.waits_for_a_second_look()
    settle(State.OK, at=AT + 2 * MINUTE)
    assert alarms.waits_for_a_second_look()
    settle(State.OK, at=AT + 3 * MINUTE)
    assert not alarms.waits_for_a_second_look()


def test_what_is_only_to_be_looked_at_is_no_alarm():
    settle(State.WARN, at=AT)
    assert not Alarm.objects.exists()


def test_a_check_that_was_not_made_ends_no_alarm():
    alarm(at=AT)
    other = HealthCheck("disk", "磁盘", "清理。", lambda at: None)
    for minutes in (1, 2):
        settle(State.OK, at=AT + minutes * MINUTE, check=other)
    assert Alarm.objects.open().count() == 1


def test_what_could_not_be_told_is_told_later(monkeypatch):
    alarm(at=AT)

    def fails(*args, **kwargs):
        raise ConnectionRefusedError

    with monkeypatch.context() as patched:
        patched.setattr(telling, "send_mail", fails)
        assert tell(AT) == 0
    assert Alarm.objects.get().last_error == "ConnectionRefusedError"
    assert tell(AT + MINUTE) == 0  # the lease keeps it for a while
    assert tell(AT + 3 * MINUTE) == 1
    assert len(mail.outbox) == 1


@pytest.fixture
def robot(settings):
    """The webhook: what it was sent, and what it answers with (`answer`, then the last again)."""
    taken = SimpleNamespace(texts=[], answers=[(200, b"{}")])

    class Robot(BaseHTTPRequestHandler):
        def do_POST(self):
            taken.texts.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            status, body = taken.answers.pop(0) if taken.answers[1:] else taken.answers[0]
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Robot)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.ALARM_WEBHOOK_URL = f"http://127.0.0.1:{server.server_port}/robot"
    yield taken
    server.shutdown()
    server.server_close()


def test_the_webhook_gets_the_text_as_json(settings, robot):
    settings.ALARM_EMAILS = []
    alarm(at=AT)
    assert tell(AT) == 1
    assert robot.texts[0]["msgtype"] == "text"
    assert "消息队列连不上" in robot.texts[0]["text"]["content"]


@pytest.mark.parametrize("answer", [(500, b"{}"), (200, b'{"errcode": 93000, "errmsg": "no"}')])
def test_a_webhook_that_fails_has_no_mail_sent_again(robot, answer):
    robot.answers = [answer, answer, (200, b"ok")]
    alarm(at=AT)
    for minutes in (0, 3, 6, 9):
        tell(AT + minutes * MINUTE)
    assert len(mail.outbox) == 1
    assert len(robot.texts) == 3


def test_where_no_mail_goes_out_the_webhook_is_told(robot, monkeypatch):
    def fails(*args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr(telling, "send_mail", fails)
    alarm(at=AT)
    for minutes in (0, 3):
        tell(AT + minutes * MINUTE)
    assert len(robot.texts) == 1
    settle(State.OK, at=AT + 4 * MINUTE)
    settle(State.OK, at=AT + 5 * MINUTE)
    for minutes in (6, 9, 12):
        tell(AT + minutes * MINUTE)
    assert len(robot.texts) == 2, "the all-clear does not wait for the mail"
    assert tell(AT + timedelta(days=2)) == 0
    assert not Alarm.objects.to_tell(AT + timedelta(days=2)).exists()


def test_a_round_watches_every_scheduled_task_and_begins_what_is_bad():
    watching.run(at=AT)
    assert not Alarm.objects.exists()
    watching.run(at=AT + MINUTE)
    assert TaskRun.objects.filter(task=watching.TASK).exists()
    assert {"worker", "beat"} <= set(Alarm.objects.open().values_list("check_key", flat=True))
    before = Alarm.objects.count()
    watching.run(at=AT + 2 * MINUTE)
    assert Alarm.objects.count() == before


def test_a_web_process_makes_the_round_when_nobody_else_does():
    assert watching.take_over(at=AT)
    assert not watching.take_over(at=AT + alarms.LOOKS_APART / 2)
    assert watching.take_over(at=AT + alarms.LOOKS_APART)  # the second look, which decides
    assert Alarm.objects.exists()
    assert not watching.take_over(at=AT + MINUTE)
    assert watching.take_over(at=AT + 4 * MINUTE)
    assert watching.take_over(at=AT + 4 * MINUTE + alarms.LOOKS_APART)  # tasks are late by now
    services.note_start(task=watching.TASK, at=AT + 5 * MINUTE)
    services.note_end(task=watching.TASK, ms=10, error="", at=AT + 5 * MINUTE)
    assert not watching.take_over(at=AT + 7 * MINUTE)
