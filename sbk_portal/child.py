"""Runs a module as a child that does not outlive its parent: `-m sbk_portal.child PID MODULE …`.

A parent that is killed cannot stop its children, and no portable system call does it. So the child
checks its parent. It leads a process group of its own, so that its own children end with it.
"""

import os
import runpy
import signal
import sys
import threading
import time

LOOK_EVERY = 0.25  # seconds
GRACE = 3.0  # seconds between asking and killing


def end_with(parent: int) -> None:
    """Wait until `parent` is no longer our parent, then end this process and its group."""
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os.killpg(os.getpgrp(), signal.SIGKILL)


def run(parent: int, arguments: list[str]) -> None:
    """Be the program `arguments[0]`, a module or a script, until it ends or `parent` does."""
    threading.Thread(target=end_with, args=(parent,), daemon=True).start()
    module = arguments[0]
    sys.argv = list(arguments)
    if module.endswith(".py"):
        runpy.run_path(module, run_name="__main__")
    else:
        runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    run(int(sys.argv[1]), sys.argv[2:])
