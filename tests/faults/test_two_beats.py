"""Two real beats send every tick twice to two workers: each entry has its effect once."""

import json
import subprocess
import sys
from contextlib import ExitStack

import pytest
from django.conf import settings

from tests.processes import wait_until
from tests.settings_process import NEUTRAL

pytestmark = pytest.mark.slow
PAID = 12
PREPARE = f"""
killings.prepare()
for _ in range({PAID}):
    killings.make_request("PAID")
"""
COUNT = """
import json
from apps.events.models import Event
from tests.soundness import assert_sound
accepted = Event.objects.of_kind(killings.CardRequest.lifecycle).filter(action="ACCEPT")
assert_sound()
print(json.dumps([accepted.count(), accepted.values("subject_id").distinct().count()]))
"""
CELERY = [sys.executable, "-m", "sbk_portal.background", "--quiet"]


@pytest.fixture
def env(tmp_path):
    return NEUTRAL | {
        "DJANGO_SETTINGS_MODULE": "sbk_portal.settings",
        "SBK_VAR_DIR": str(tmp_path / "var"),
        "LOG_LEVEL": "ERROR",
    }


def run(env, code):
    ended = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import django; django.setup(); from tests.faults import killings\n{code}",
        ],
        cwd=settings.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_two_beats_and_two_workers_accept_each_payment_once(env, tmp_path):
    run(env, PREPARE)
    commands = [
        ["worker", "--concurrency=1", f"--hostname=worker-{number}@%h"] for number in (1, 2)
    ]
    commands += [
        [
            "beat",
            "--pidfile=",
            f"--schedule={tmp_path}/schedule-{number}",
            "--scheduler=sbk_portal.beat:Scheduler",
        ]
        for number in (1, 2)
    ]
    with ExitStack() as stack:
        for command in commands:
            process = subprocess.Popen(
                [*CELERY, *command],
                cwd=settings.BASE_DIR,
                env=env,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            stack.callback(process.wait)
            stack.callback(process.kill)
        wait_until(lambda: accepted(env)[0] >= PAID, seconds=200, what="all are accepted")
    assert accepted(env) == [PAID, PAID]


def accepted(env):
    """(events of accepting, requests that were accepted)."""
    return json.loads(run(env, COUNT).splitlines()[-1])
