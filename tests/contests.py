"""Several at once, in threads that start together, each with a connection of its own.

After a test with a contest the data must be consistent, whichever side won (tests/conftest.py).
"""

import threading
from contextlib import contextmanager

from django.db import connection, transaction

from apps.common.refusals import Refused

# The contests of the running test.
held: list[tuple] = []


def at_once(*verbs):
    """Run the callables `verbs` at once. Returns the refusals; any other exception is raised."""
    held.append(verbs)
    start, refusals, errors = threading.Barrier(len(verbs)), [], []

    def run(verb):
        start.wait()
        try:
            verb()
        except Refused as refusal:
            refusals.append(refusal)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(verb,)) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return refusals


@contextmanager
def meanwhile(work):
    """In another connection: `work()` is done on entering, and committed on leaving."""
    is_done, may_commit = threading.Event(), threading.Event()

    def run():
        with transaction.atomic():
            work()
            is_done.set()
            assert may_commit.wait(30)
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert is_done.wait(30)
    try:
        yield
    finally:
        may_commit.set()
        thread.join()
