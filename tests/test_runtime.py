"""`manage.py serve` with real processes and signals, and after it was killed."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest
from django.conf import settings
from kombu import Connection

from sbk_portal import probe, supervisor
from sbk_portal.celery import app as celery_app


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until(condition, *, seconds, what):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"not within {seconds} s: {what}"
        time.sleep(0.1)


def processes():
    """Parent of every living process, by process id."""
    lines = subprocess.run(
        ["ps", "-axo", "pid=,ppid=,stat="], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    rows = [line.split() for line in lines]
    return {int(pid): int(parent) for pid, parent, state in rows if not state.startswith("Z")}


def descendants(pid):
    parents, found = processes(), {pid}
    while new := {child for child, parent in parents.items() if parent in found} - found:
        found |= new
    return found - {pid}


class Serve:
    """A running `manage.py serve` on data in `var`, its output being collected."""

    def __init__(self, var, port):
        self.address = f"http://127.0.0.1:{port}"
        self.lines = []
        self.family = set()  # process ids that must not outlive it
        hidden = {"DATABASE_URL", "REDIS_URL", "PORTAL_URL", "SBK_MODE", "SBK_DEMO"}
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--no-demo", f"--port={port}"],
            cwd=settings.BASE_DIR,
            env={
                **{name: value for name, value in os.environ.items() if name not in hidden},
                "SBK_VAR_DIR": str(var),
                "CELERY_LOG_LEVEL": "INFO",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._collect, daemon=True).start()

    def _collect(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip())

    @property
    def output(self):
        return "\n".join(self.lines)

    def wait_until_it_prints(self, text):
        def printed():
            assert self.process.poll() is None or text in self.output, self.output
            return text in self.output

        wait_until(printed, seconds=60, what=f"{text!r} in:\n{self.output}")


@contextmanager
def serving(var, port):
    running = Serve(var, port)
    try:
        yield running
    finally:
        family = running.family | descendants(running.process.pid) | {running.process.pid}
        for pid in family & processes().keys():
            os.kill(pid, signal.SIGKILL)
        running.process.wait()


def refused(var, port):
    """Exit code and output of a start that does not get far."""
    attempt = Serve(var, port)
    code = attempt.process.wait(timeout=30)
    wait_until(lambda: attempt.lines, seconds=5, what="output")
    return code, attempt.output


@pytest.mark.slow
def test_serve_starts_answers_ends_and_starts_again_after_a_hard_end(tmp_path):
    port, var = free_port(), tmp_path / "var"
    with serving(var, port) as first:
        first.wait_until_it_prints(f"{first.address}/")
        assert probe.is_healthy(first.address)
        first.wait_until_it_prints("[worker]")
        first.wait_until_it_prints("[beat]")

        # The worker takes what others put into the folder.
        messages = var / "broker" / "messages"
        options = {
            "data_folder_in": str(messages),
            "data_folder_out": str(messages),
            "control_folder": str(var / "broker" / "control"),
        }
        with Connection("files://localhost", transport_options=options) as connection:
            celery_app.send_task("celery.backend_cleanup", connection=connection)
        wait_until(lambda: not any(messages.iterdir()), seconds=10, what="the message is taken")

        code, output = refused(tmp_path / "other", port)
        assert code != 0
        assert output.splitlines() == [
            f"CommandError: 端口 {port} 已被占用：请换一个端口（例如 make run PORT={port + 1}），"
            "或先停止占用它的程序。"
        ]
        code, output = refused(var, free_port())
        assert code != 0
        assert f"已有门户在运行（进程号 {first.process.pid}）" in output
        assert len(output.splitlines()) == 1

        first.family = family = descendants(first.process.pid)
        assert len(family) >= 4  # web, what it forked, worker, beat
        first.process.kill()
        first.process.wait()
        wait_until(
            lambda: not family & processes().keys(), seconds=10, what="the orphans have ended"
        )

    # What a machine that lost its power may leave: half a schedule, half a message.
    for file in var.glob("beat-schedule*"):
        file.write_bytes(b"\0half")
    (var / "broker" / "messages" / "1_x.celery.msg").write_text('{"body": "')
    with serving(var, port) as second:
        second.wait_until_it_prints(f"{second.address}/")
        second.family = family = descendants(second.process.pid)
        second.process.terminate()
        assert second.process.wait(timeout=12) == 0, second.output
        assert not family & processes().keys()
        # Celery reports the broken schedule before it makes a new one.
        others = [line for line in second.lines if not line.startswith("[beat]")]
        assert not any("Traceback" in line or "意外结束" in line for line in others)
        assert not any("意外结束" in line for line in second.lines)
    assert supervisor.port_is_free("127.0.0.1", port)


# One write for a line: two processes share the pipe, and parts of lines would mix.
STAYS = "import os, time; os.write(1, b'up %d\\n' % os.getpid()); time.sleep(60)"
DIES = "print('up', flush=True); raise SystemExit(3)"
FORKS = f"import os; os.fork(); {STAYS}"
IGNORES = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {STAYS}"


@pytest.fixture
def supervise(tmp_path, monkeypatch, capsys):
    """Run programs under a supervisor until `stop_when(output)`; returns the output."""
    handlers = {
        number: signal.getsignal(number)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    env = {**os.environ, "PYTHONPATH": str(settings.BASE_DIR)}
    seen = []

    def supervise(*, is_ready=lambda: True, stop_when, **programs):
        commands = {}
        for name, source in programs.items():
            script = tmp_path / f"{name}.py"
            script.write_text(source)
            commands[name] = [str(script)]
        with supervisor.Supervisor(env=env, cwd=tmp_path) as processes:
            say = processes.say

            def note(line):
                say(line)
                seen.append(line)
                if stop_when(seen):
                    processes.stop_asked.set()

            monkeypatch.setattr(processes, "say", note)
            processes.keep(commands, is_ready=is_ready, when_ready=lambda: note("ready"))
        return seen

    yield supervise
    for number, handler in handlers.items():
        signal.signal(number, handler)


def test_a_child_that_dies_is_started_again_later_each_time(supervise, monkeypatch):
    monkeypatch.setattr(supervisor, "FIRST_PAUSE", 0.2)
    seen = supervise(
        web=STAYS,
        worker=f"import time; time.sleep(0.3); {DIES}",
        stop_when=lambda seen: seen.count("[worker] up") == 3,
    )
    assert [line for line in seen if "意外结束" in line] == [
        "[worker] 意外结束（3），0.2 秒后重新启动。",
        "[worker] 意外结束（3），0.4 秒后重新启动。",
    ]
    assert len([line for line in seen if line.startswith("[web] up")]) == 1


def test_a_child_that_dies_before_all_are_ready_ends_the_start(supervise):
    with pytest.raises(supervisor.Failed, match="web"):
        supervise(web=DIES, is_ready=lambda: False, stop_when=lambda seen: False)


def test_a_child_that_ignores_the_signal_is_killed_with_what_it_forked(supervise, monkeypatch):
    monkeypatch.setattr(supervisor, "GRACE", 0.5)
    seen = supervise(
        web=FORKS,
        worker=IGNORES,
        stop_when=lambda seen: len([line for line in seen if " up " in line]) == 3,
    )
    pids = {int(line.split()[-1]) for line in seen if " up " in line}
    assert len(pids) == 3
    assert not pids & processes().keys()


def test_the_lock_of_a_killed_run_tells_but_does_not_block(tmp_path):
    lock = tmp_path / "serve.lock"
    with supervisor.sole_run(lock) as was_killed:
        assert not was_killed
        with pytest.raises(supervisor.AlreadyRunning), supervisor.sole_run(lock):
            pass
    lock.write_text("4711")
    with supervisor.sole_run(lock) as was_killed:
        assert was_killed
    with supervisor.sole_run(lock) as was_killed:
        assert not was_killed


def test_a_file_broker_shows_whole_messages_only(tmp_path, monkeypatch):
    seen = []
    replace = os.replace

    def look_before(draft, path):
        with Connection("files://localhost", transport_options=options) as other:
            seen.append(other.SimpleQueue("work").qsize())
        replace(draft, path)

    options = {
        "data_folder_in": str(tmp_path),
        "data_folder_out": str(tmp_path),
        "control_folder": str(tmp_path / "control"),
    }
    monkeypatch.setattr("sbk_portal.file_broker.os.replace", look_before)
    with Connection("files://localhost", transport_options=options) as connection:
        queue = connection.SimpleQueue("work")
        queue.put({"key": 7})
        assert seen == [0]
        assert queue.get(timeout=2).payload == {"key": 7}
