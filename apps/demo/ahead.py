"""Works things out in a second process while the first one goes on: most machines have two cores.

Only what needs no database. Without a second process everything is worked out when it is wanted.
"""

import multiprocessing
import os
import sys
import threading
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager

import django

# A copy of this process is safe with its system libraries on Linux.
_START = "fork" if sys.platform == "linux" else "spawn"
_pool: ProcessPoolExecutor | None = None
_begun: dict[tuple, Future] = {}


@contextmanager
def second_process():
    """Inside of it, what is begun is worked out there."""
    global _pool
    context = multiprocessing.get_context(_START)
    _pool = ProcessPoolExecutor(1, mp_context=context, initializer=_prepare)
    try:
        yield
    finally:
        _pool.shutdown(cancel_futures=True)
        _pool = None
        _begun.clear()


def begin(work, *arguments):
    """`result` will be asked for `work(*arguments)`; first begun, first worked out."""
    if _pool and (work, arguments) not in _begun:
        _begun[work, arguments] = _pool.submit(work, *arguments)


def result(work, *arguments):
    """What `work(*arguments)` returns. Instead of waiting, what was begun last is done here."""
    begun = _begun.get((work, arguments))
    if begun is None:
        return work(*arguments)
    while not begun.done() and _do_last():
        pass
    return begun.result()


def _do_last():
    """Do here what the second process would do last; False when it has begun all."""
    for key, begun in reversed(_begun.items()):
        if begun.cancel():
            work, arguments = key
            _begun[key] = Future()
            _begun[key].set_result(work(*arguments))
            return True
    return False


def _prepare():
    threading.Thread(target=_end_with_parent, daemon=True).start()
    django.setup()


def _end_with_parent():
    parent = multiprocessing.parent_process()
    assert parent is not None  # noqa: S101 (for mypy: this is a child)
    parent.join()
    os._exit(1)
