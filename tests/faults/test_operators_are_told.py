"""A portal in production mode without broker, workers and beat: what its operators see and hear."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.conf import settings
from prometheus_client.parser import text_string_to_metric_families

from tests.faults.deployed_portal import DeployedPortal
from tests.faults.postgres_server import is_installed, own_postgres
from tests.processes import descendants, free_port, wait_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not is_installed(), reason="PostgreSQL is not installed"),
]


# A portal that has just started waits three minutes before it misses its workers. Here a web
# process of an hour ago has just been replaced.
MET_BEFORE = """
from datetime import timedelta
from django.utils import timezone
from apps.operations.services import note_process
at = timezone.now()
note_process(kind="WEB", name="before", release="1", started_at=at - timedelta(hours=1), at=at)
"""


class Robot(HTTPServer):
    """Takes alarms as the robot of a group does."""

    def __init__(self):
        self.told = []
        super().__init__(("127.0.0.1", 0), _Taking)
        self.url = f"http://127.0.0.1:{self.server_port}/robot"


class _Taking(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told.append(json.loads(body)["text"]["content"])
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args):
        """Nothing of this belongs into the output of the tests."""


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """(portal, process, robot); nothing listens where its Redis should."""
    folder = tmp_path_factory.mktemp("operators")
    robot = Robot()
    threading.Thread(target=robot.serve_forever, daemon=True).start()
    with own_postgres() as server:
        portal = DeployedPortal(server, folder / "var")
        portal.env |= {
            "REDIS_URL": f"redis://127.0.0.1:{free_port()}/0",
            "ALARM_WEBHOOK_URL": robot.url,
            "METRICS_DIR": str(folder / "metrics"),
            "GUNICORN_CMD_ARGS": "--workers=2",
        }
        portal.prepare()
        portal.manage("shell", "-c", MET_BEFORE)
        process = portal.start()
        try:
            portal.wait_until_it_serves(seconds=40)
            yield portal, process, robot
        finally:
            process.terminate()
            process.wait(timeout=20)
            robot.shutdown()


def test_a_web_process_tells_that_broker_and_workers_are_away_once(world):
    portal, _, robot = world
    wait_until(lambda: portal.get()[0] and len(robot.told) >= 3, seconds=90, what="alarms are told")
    time.sleep(1)
    portal.get()
    subjects = sorted(text.splitlines()[0] for text in robot.told)
    for title in ("消息队列", "后台任务进程", "定时任务进程"):
        assert subjects.count(f"[社保卡门户] 告警：{title}") == 1


def test_without_its_broker_it_is_ready_and_degraded(world):
    portal, _, _ = world
    status, text, seconds = portal.get("/readyz")
    assert (status, json.loads(text)["status"]) == (200, "degraded")
    assert seconds < 3
    assert portal.get("/livez")[0] == 200


def test_the_doctor_says_it_in_the_shell(world):
    portal, _, _ = world
    ended = subprocess.run(
        [sys.executable, "manage.py", "doctor"],
        cwd=settings.BASE_DIR,
        env=portal.env,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 1
    assert re.search(r"\[要处理\] 消息队列：消息队列连不上", ended.stdout)
    assert "[正常] 网页进程" in ended.stdout


def test_both_web_processes_count_together_and_a_killed_one_stays_in_the_sums(world):
    portal, process, _ = world

    def count():
        status, text, _ = portal.get("/metrics")
        assert status == 200
        return sum(
            sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name == "portal_requests_total" and sample.labels["view"] == "regions:areas"
        )

    before = count()
    for _ in range(20):
        portal.get()
    assert count() == before + 20
    victim = min(descendants(process.pid))
    os.kill(victim, signal.SIGKILL)
    portal.wait_until_it_serves(seconds=30)  # one more page
    assert count() >= before + 21
