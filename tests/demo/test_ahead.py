"""What is begun ahead is worked out in a second process, which does not outlive the first."""

import os
import signal
import subprocess
import sys
import time

from apps.demo import ahead

LEFT_ALONE = """
import os, signal
from apps.demo import ahead
with ahead.second_process():
    ahead.begin(os.getpid)
    print(ahead.result(os.getpid), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""
SECONDS = 10


def test_what_is_begun_is_worked_out_in_another_process():
    with ahead.second_process():
        ahead.begin(os.getpid)
        while not ahead._begun[os.getpid, ()].done():
            time.sleep(0.01)
        assert ahead.result(os.getpid) != os.getpid()
    assert ahead.result(os.getpid) == os.getpid()


def test_instead_of_waiting_the_last_is_done_here():
    with ahead.second_process():
        ahead.begin(time.sleep, 2)
        for each in (0.1, 0.2, 0.3):
            ahead.begin(time.sleep, each)
        ahead.begin(os.getpid)
        ahead.result(time.sleep, 2)
        assert ahead._begun[os.getpid, ()].result() == os.getpid()


def test_the_second_process_ends_with_one_that_is_killed():
    done = subprocess.run(
        [sys.executable, "-c", LEFT_ALONE], stdout=subprocess.PIPE, check=False, timeout=SECONDS
    )
    assert done.returncode == -signal.SIGKILL
    second = int(done.stdout)
    until = time.monotonic() + SECONDS
    while _is_running(second) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _is_running(second)


def _is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
