"""A portal with its demo town, as `make run` starts it, for programs that look at its pages."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from apps.demo.accounts import PASSWORD
from sbk_portal import probe
from sbk_portal.environment import BASE_DIR as ROOT
from tests.processes import free_port

START_SECONDS = 300
# With these the portal would not be the embedded one, or would not serve files as production does.
NOT_PASSED_ON = {"DATABASE_URL", "REDIS_URL", "SBK_MODE", "SBK_DEBUG", "PORTAL_URL"}


@contextmanager
def demo_portal():
    """Start a portal on a free port with data of its own; yields its address, and stops it."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with TemporaryDirectory(prefix="portal-") as folder:
        env = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON}
        portal = subprocess.Popen(
            [sys.executable, "manage.py", "serve", f"--port={port}"],
            cwd=ROOT,
            env=env | {"SBK_VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "sbk_portal.settings"},
            stdout=subprocess.DEVNULL,
        )
        try:
            _wait(portal, address)
            yield address
        finally:
            portal.send_signal(signal.SIGINT)
            portal.wait(timeout=30)


def _wait(portal, address):
    until = time.monotonic() + START_SECONDS
    while not probe.is_healthy(address):
        if portal.poll() is not None or time.monotonic() > until:
            sys.exit("the portal did not start")
        time.sleep(0.5)


def sign_in(page, address, account):
    """Sign in with the employee number `account` of the demo town."""
    page.goto(f"{address}/accounts/login/")
    page.get_by_label("工号或手机号").fill(account)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda url: "/login/" not in url)
