"""Workers are killed twenty times, at any moment, while somebody uses the portal: nothing is lost,
doubled or half done.
"""

import json
import subprocess
import sys

import pytest
from django.conf import settings

from tests.faults.killings import KILLS, SLOWEST
from tests.settings_process import NEUTRAL

pytestmark = pytest.mark.slow
RUN = "import django; django.setup(); from tests.faults import killings; killings.main({seed})"


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    ended = subprocess.run(
        [sys.executable, "-c", RUN.format(seed=20)],
        cwd=settings.BASE_DIR,
        env=NEUTRAL
        | {
            "DJANGO_SETTINGS_MODULE": "sbk_portal.settings",
            "SBK_VAR_DIR": str(tmp_path_factory.mktemp("killed")),
            "LOG_LEVEL": "ERROR",
        },
        capture_output=True,
        text=True,
        timeout=540,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout.splitlines()[-1])


def test_most_of_them_were_at_work(found):
    assert sum(found["hits"].values()) >= KILLS / 4, found["hits"]


def test_every_rule_about_the_data_holds_afterwards(found):
    assert found["broken"] == {}


def test_nothing_was_done_twice(found):
    assert found["doubled"] == []
    assert found["cards"] == found["requests with a card"] > 0


def test_nothing_is_left_undone(found):
    assert found["still paid"] == found["still approved"] == found["reports open"] == 0
    assert found["files left"] == 0
    # A file that three workers died at is given up, and says so.
    assert set(found["exports"]) <= {"READY", "FAILED"}
    assert set(found["rosters"]) <= {"APPLIED", "READ"}


def test_who_used_the_portal_meanwhile_noticed_nothing(found):
    assert set(found["person"]["answers"]) == {"200", "302"}, found["person"]
    assert found["person"]["seconds"] < SLOWEST
