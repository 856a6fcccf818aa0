"""Several at once, in threads that start together, each with a connection of its own.

After a test with a contest the data must be consistent, whichever side won (tests/conftest.py).
"""

import threading

from django.db import connection

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
