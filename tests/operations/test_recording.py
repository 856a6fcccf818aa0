"""What Celery's signals and a web process write down, and that none of it does harm."""

from types import SimpleNamespace

import pytest
from django.db import OperationalError

from apps.operations import middleware, services, tasks
from apps.operations.enums import ProcessKind
from apps.operations.models import Process, TaskRun
from apps.people.tasks import clear_sessions

pytestmark = pytest.mark.django_db

TASK = "apps.payments.tasks.reconcile"


@pytest.fixture
def run():
    """Tells of one run of a task as Celery does."""

    def run(name=TASK, *, state="SUCCESS", retval=None):
        task = SimpleNamespace(name=name, request=SimpleNamespace(hostname="worker@host"))
        tasks.note_start(task_id="1", task=task)
        tasks.note_end(task_id="1", task=task, state=state, retval=retval)

    return run


def test_a_run_is_one_row_and_the_latest_one_counts(run):
    run()
    run(state="FAILURE", retval=KeyError("secret"))
    row = TaskRun.objects.get()
    assert (row.task, row.successes, row.failures) == (TASK, 1, 1)
    assert row.started_at <= row.failed_at
    assert row.last_error == "KeyError"
    run()
    row.refresh_from_db()
    assert row.successes == 2
    assert row.succeeded_at > row.failed_at


def test_a_run_costs_two_statements(run, django_assert_num_queries):
    run()
    with django_assert_num_queries(2):
        run()


def test_what_is_not_periodic_is_not_noted(run):
    run("celery.backend_cleanup")
    assert not TaskRun.objects.exists()


def test_without_the_database_a_task_goes_on(run, monkeypatch):
    def away(**kwargs):
        raise OperationalError("gone")

    monkeypatch.setattr(services, "note_start", away)
    monkeypatch.setattr(services, "note_end", away)
    run()


def test_a_real_run_of_a_task_is_noted():
    clear_sessions.apply()
    assert TaskRun.objects.get(task="apps.people.tasks.clear_sessions").successes == 1


def test_a_process_says_now_and_then_that_it_lives():
    heartbeat = tasks.Heartbeat(ProcessKind.WEB)
    assert heartbeat.beat(name="host:1")
    assert not heartbeat.beat(name="host:1")
    assert Process.objects.get().kind == ProcessKind.WEB


def test_a_web_process_lives_also_while_nobody_asks_for_a_page(monkeypatch):
    watched = []
    monkeypatch.setattr(middleware, "_watch", lambda: watched.append(1))
    middleware.SignsOfLife().note_idle()
    assert Process.objects.get().kind == ProcessKind.WEB
    assert watched


def test_a_web_process_whose_requests_all_hang_gives_no_sign(monkeypatch):
    signs = middleware.SignsOfLife()
    signs.note_start()
    monkeypatch.setattr(middleware, "STUCK_AFTER", 0)
    signs.note_idle()
    assert not Process.objects.exists()
    monkeypatch.setattr(middleware, "_watch", lambda: None)
    signs.note_end()
    assert Process.objects.get().kind == ProcessKind.WEB


def test_a_worker_starts_when_it_begins_and_not_when_the_program_was_loaded(monkeypatch):
    monkeypatch.setattr(tasks, "_worker", tasks.Heartbeat(ProcessKind.WORKER))
    loaded_at = tasks._worker.started_at
    tasks.begin_worker()
    tasks.note_worker(sender=SimpleNamespace(hostname="worker@host"))
    assert Process.objects.get().started_at > loaded_at


def test_beat_lives_while_it_puts_out_messages(monkeypatch):
    monkeypatch.setattr(tasks, "_beats", [])
    tasks.note_pulse()
    assert not Process.objects.exists()
    tasks.note_beat()
    tasks.note_pulse()
    assert Process.objects.get().kind == ProcessKind.BEAT
    assert TaskRun.objects.filter(task=TASK).exists()


def test_a_web_process_takes_the_watch_over_beside_a_request(monkeypatch):
    """The watch itself runs in a thread; here its call is enough."""
    asked = []
    monkeypatch.setattr(middleware.watching, "take_over", lambda *, at: asked.append(at))
    monkeypatch.setattr(middleware.connections, "close_all", lambda: None)
    middleware._watch()
    assert len(asked) == 1
