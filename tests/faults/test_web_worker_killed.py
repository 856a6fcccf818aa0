"""A web worker is killed while it takes in an upload: another one serves, and the data is sound."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time

import pytest
from django.conf import settings

from tests.processes import descendants, free_port
from tests.settings_process import NEUTRAL

pytestmark = pytest.mark.slow
BACK_WITHIN = 15  # seconds: a worker loads the program


@pytest.fixture
def env(tmp_path):
    return NEUTRAL | {"SBK_VAR_DIR": str(tmp_path / "var"), "WEB_WORKERS": "1"}


def manage(env, *arguments):
    subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=env,
        check=True,
        timeout=400,
        capture_output=True,
    )


@pytest.fixture
def portal(env):
    """(port, process) of a web server with one worker."""
    manage(env, "migrate", "--no-input", "--verbosity=0")
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config=deploy/gunicorn.conf.py"],
        cwd=settings.BASE_DIR,
        env=env | {"WEB_BIND": f"127.0.0.1:{port}"},
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until_it_serves(port, seconds=200)
        yield port, process
    finally:
        process.terminate()
        process.wait(timeout=40)


def wait_until_it_serves(port, *, seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/livez")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise AssertionError(f"no answer within {seconds} s")


def test_an_upload_ends_with_its_worker_and_the_next_one_is_served(portal, env):
    port, process = portal
    with socket.create_connection(("127.0.0.1", port), timeout=10) as upload:
        upload.sendall(
            b"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Content-Type: multipart/form-data; boundary=x\r\n"
            b"Content-Length: 500000\r\n\r\n--x\r\n"
        )
        time.sleep(0.5)
        [worker] = descendants(process.pid)
        os.kill(worker, signal.SIGKILL)
        with contextlib.suppress(ConnectionResetError):
            assert upload.recv(100) == b""  # cut off, not answered as if it had arrived
    wait_until_it_serves(port, seconds=BACK_WITHIN)
    manage(env, "verify_integrity")
