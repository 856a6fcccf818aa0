"""`manage.py serve` with real processes and signals, and after it was killed."""

import gzip
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from kombu import Connection

from sbk_portal import probe, supervisor
from sbk_portal.celery import app as celery_app
from tests.processes import descendants, free_port, processes, wait_until


def asked(address):
    """What a browser gets from `address`: the uncompressed page, or a file as sent, and headers."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})  # noqa: S310
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        body, headers = answer.read(), answer.headers
    return gzip.decompress(body) if headers["Content-Encoding"] == "gzip" else body, headers


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
                "WORKER_LOG_LEVEL": "INFO",
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

        try:
            wait_until(printed, seconds=200, what=repr(text))
        except AssertionError as error:
            raise AssertionError(f"{error} in:\n{self.output}") from None


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


def command_of(pid):
    return Path(f"/proc/{pid}/cmdline").read_bytes()


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
        html = asked(f"{first.address}/")[0]
        assert not re.search(rb'"/static/css/\w+\.css"', html)
        sheet = re.search(rb'"(/static/css/tokens\.[0-9a-f]{12}\.css)"', html)[1].decode()
        assert asked(first.address + sheet)[1]["Content-Encoding"] == "gzip"
        first.wait_until_it_prints("[worker]")
        first.wait_until_it_prints("[beat]")
        assert not [line for line in first.lines if "Warning" in line]

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
        # Copies of it: the program was loaded once.
        assert {command_of(pid) for pid in family} == {command_of(first.process.pid)}
        first.process.kill()
        first.process.wait()
        wait_until(
            lambda: not family & processes().keys(), seconds=10, what="the orphans have ended"
        )

    # What a machine that lost its power may leave: half a schedule, half a message.
    for file in var.glob("beat-schedule*"):
        file.write_bytes(b"\0half")
    (var / "broker" / "messages" / "1_x.lifecycle.msg").write_text('{"body": "')
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
