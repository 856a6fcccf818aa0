"""Whether the processes live, the tasks succeed and what is due is done."""

from datetime import timedelta

import pytest

from apps.cards.enums import RequestStatus
from apps.operations import keys, services
from apps.operations.checks import processes
from apps.operations.enums import ProcessKind, State
from apps.operations.models import TaskRun
from apps.payments import services as payments
from apps.payments.models import Payment
from tests.factories.cards import AT, make_request
from tests.factories.payments import LATER, make_paid
from tests.operations.finding import found

pytestmark = pytest.mark.django_db
TASK = "apps.payments.tasks.reconcile"


def sign(kind, *, at, release="1"):
    services.note_process(kind=kind, name=f"host:{release}", release=release, started_at=AT, at=at)


@pytest.mark.parametrize("kind", ProcessKind)
def test_a_process_without_a_sign_of_life_is_an_alarm(kind):
    assert found(kind.lower()).state == State.BAD
    sign(kind, at=AT)
    assert found(kind.lower()).state == State.OK
    later = found(kind.lower(), AT + timedelta(minutes=4))
    assert later.state == State.BAD
    assert "4 分钟以前" in later.says


LATE = timedelta(hours=2)


def start(kind, *, at, seen_at):
    services.note_process(kind=kind, name=f"host:{at}", release="1", started_at=at, at=seen_at)


def test_right_after_the_start_there_is_no_result_yet():
    start(ProcessKind.WEB, at=AT, seen_at=AT)
    make_request(status=RequestStatus.PAID, at=AT - LATE)
    services.watch_tasks(names=[*processes.periods()], at=AT - LATE)
    for key in ("worker", "beat", "tasks", "sweeps"):
        assert found(key, AT + timedelta(minutes=1)).state == State.NEW
        assert found(key, AT + timedelta(minutes=1)).says == "刚启动，还没有结果。"
    start(ProcessKind.WEB, at=AT, seen_at=AT + timedelta(minutes=3))
    for key in ("worker", "beat", "tasks", "sweeps"):
        assert found(key, AT + timedelta(minutes=4)).state == State.BAD


def test_a_part_that_starts_again_and_again_is_no_start_of_the_portal():
    start(ProcessKind.WEB, at=AT - timedelta(minutes=4), seen_at=AT - timedelta(minutes=1))
    start(ProcessKind.WEB, at=AT, seen_at=AT)
    start(ProcessKind.WORKER, at=AT, seen_at=AT)
    assert found("beat").state == State.BAD


def test_a_process_that_died_before_the_clock_was_set_back_is_told():
    sign(ProcessKind.BEAT, at=AT + timedelta(hours=1))
    start(ProcessKind.WEB, at=AT - LATE, seen_at=AT)
    gone = found("beat", AT)
    assert gone.state == State.BAD
    assert gone.says.endswith("最近一次在 0 分钟以前。")
    sign(ProcessKind.BEAT, at=AT)
    assert found("beat", AT).state == State.OK


def test_a_portal_that_started_before_the_clock_was_set_back_is_not_new():
    start(ProcessKind.WEB, at=AT + timedelta(hours=1), seen_at=AT)
    assert found("beat", AT).state == State.BAD


def test_two_releases_at_once_are_told():
    sign(ProcessKind.WEB, at=AT, release="1")
    assert found("releases").state == State.OK
    sign(ProcessKind.WORKER, at=AT, release="2")
    assert found("releases").state == State.WARN


def test_a_task_without_success_for_three_periods_is_an_alarm(monkeypatch):
    monkeypatch.setattr(processes, "periods", lambda: {TASK: 600.0})
    services.watch_tasks(names=[TASK], at=AT)
    assert found("tasks", AT + timedelta(minutes=30)).state == State.OK
    never = found("tasks", AT + timedelta(minutes=31))
    assert never.state == State.BAD
    services.note_start(task=TASK, at=AT + timedelta(minutes=31))
    services.note_end(task=TASK, ms=40, error="", at=AT + timedelta(minutes=31))
    assert found("tasks", AT + timedelta(minutes=60)).state == State.OK
    services.note_end(task=TASK, ms=40, error="OperationalError", at=AT + timedelta(minutes=61))
    failing = found("tasks", AT + timedelta(minutes=62))
    assert failing.state == State.BAD
    assert "OperationalError" in failing.lines[0]


def test_a_success_after_which_the_clock_was_set_back_tells_nothing(monkeypatch):
    monkeypatch.setattr(processes, "periods", lambda: {TASK: 60.0})
    services.watch_tasks(names=[TASK], at=AT)
    services.note_end(task=TASK, ms=40, error="", at=AT + timedelta(hours=1))
    late = found("tasks", AT)
    assert late.state == State.BAD
    assert "-" not in "".join(late.lines).replace(TASK, "")
    services.note_end(task=TASK, ms=40, error="", at=AT)
    assert found("tasks", AT).state == State.OK


def test_a_task_that_ticks_every_few_seconds_survives_a_restart(monkeypatch):
    monkeypatch.setattr(processes, "periods", lambda: {TASK: 3.0})
    services.watch_tasks(names=[TASK], at=AT)
    assert found("tasks", AT + timedelta(minutes=2)).state == State.OK
    assert found("tasks", AT + timedelta(minutes=4)).state == State.BAD


def test_what_is_not_scheduled_any_more_is_not_watched():
    services.watch_tasks(names=["apps.gone.tasks.run", TASK], at=AT)
    services.watch_tasks(names=[TASK], at=AT)
    assert list(TaskRun.objects.values_list("task", flat=True)) == [TASK]


def test_what_is_due_for_long_is_told_by_its_queue():
    make_request(RequestStatus.PAID, at=AT)
    assert found("sweeps", AT + timedelta(minutes=5)).state == State.OK
    assert found("sweeps", AT + timedelta(minutes=30)).state == State.WARN
    late = found("sweeps", AT + timedelta(hours=2))
    assert late.state == State.BAD
    assert any(line.startswith("已缴费待受理的申请") for line in late.lines)


def test_nothing_is_said_to_wait_for_less_than_no_time(settings):
    """The clock was set back: what was owed and what was kept began later than now."""
    services.note_keys(digests=keys.digests(), at=AT + timedelta(days=3))
    assert not any("-" in line.partition("用了")[2] for line in found("keys", AT).lines)
    payments.refund(payment=make_paid(), reason="未通过", by=None, at=LATER)
    Payment.objects.update(last_error="没有回答")
    assert found("refunds", LATER - timedelta(days=3)).says.startswith("没有到账的退款 1 笔，")
