"""Starts the portal's processes as copies of one that has loaded the program.

Loading takes longer than anything else in a start, and is done once here for all of them. What was
loaded is also in memory once. The process that is copied has no connections, and no thread of it
may hold a lock meanwhile (`supervisor.Supervisor` sees to it).
"""

import gc
import importlib
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import IO

import django
from django.conf import settings
from django.utils.module_loading import autodiscover_modules

from sbk_portal import child

# What the processes load besides the apps; not the modules that are run, which are loaded anew.
_PROGRAMS = [
    "celery.apps.beat",
    "celery.apps.worker",
    "celery.bin.beat",
    "celery.bin.worker",
    "celery.worker.worker",
]
_PROGRAMS += ["kombu.transport.filesystem", "gunicorn.app.wsgiapp", "sbk_portal.web_worker"]
# Descriptors from here on belong to the process that was copied.
_FIRST_OF_OTHERS, _LAST_OF_OTHERS = 3, 1024
_ENDING = {signal.SIGTERM, signal.SIGHUP, signal.SIGINT}


def load() -> None:
    """Load the program. Settings are read now, so the environment has to be complete."""
    gc.disable()  # there is hardly any garbage, and looking for it takes a fifth of the time
    django.setup()
    autodiscover_modules("tasks")
    for module in (*_PROGRAMS, settings.ROOT_URLCONF):
        importlib.import_module(module)
    gc.freeze()  # the collector would write into the memory that is shared
    gc.enable()


class Forked:
    """A running copy; what `Supervisor` uses of `subprocess.Popen`."""

    def __init__(self, pid: int, output: IO[bytes] | None):
        self.pid = pid
        self.stdout = output
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit code, negative for a signal, or None while it runs."""
        return self._wait(os.WNOHANG)

    def wait(self) -> int | None:
        return self._wait(0)

    def terminate(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGTERM)

    def _wait(self, options: int) -> int | None:
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, options)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode


def launch(arguments: list[str], *, env: dict[str, str], cwd: Path, is_read: bool) -> Forked:
    """Run the module or script `arguments[0]` in a copy; its output can be read, if `is_read`."""
    ends = os.pipe() if is_read else None
    sys.stdout.flush()
    parent = os.getpid()
    # Until the copy has handlers of its own, a signal waits.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        pid = os.fork()
        if pid == 0:
            output = ends[1] if ends else None
            _be_a_copy(parent, arguments, env=env, cwd=cwd, output=output, mask=mask)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    if ends is None:
        return Forked(pid, None)
    os.close(ends[1])
    return Forked(pid, os.fdopen(ends[0], "rb"))


def _be_a_copy(
    parent: int, arguments: list[str], *, env, cwd: Path, output: int | None, mask
) -> None:
    """Run and end. Never returns, also in what gunicorn forks from here.

    `mask` are the signals that were blocked before.
    """
    code = 1
    try:
        os.setsid()
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        if output is not None:
            os.dup2(output, 1)
            os.dup2(output, 2)
        # The lock of the run and the pipes of the others.
        os.closerange(_FIRST_OF_OTHERS, _LAST_OF_OTHERS)
        sys.stdin = os.fdopen(0, closefd=False)
        sys.stdout = os.fdopen(1, "w", buffering=1, closefd=False)
        sys.stderr = os.fdopen(2, "w", buffering=1, closefd=False)
        os.environ.update(env)
        os.chdir(cwd)
        child.run(parent, arguments)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            sys.stderr.write(f"{end.code}\n")
    except BaseException:
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code)
