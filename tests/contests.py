"""Several at once, in threads that start together, each with a connection of its own.

After the contest the data is sound, whoever won.
"""

import threading

from django.db import connection
from django.utils import timezone

from apps.common import integrity
from apps.common.refusals import Refused


def at_once(*verbs):
    """Run the callables `verbs` at once. Returns the refusals; any other exception is raised."""
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
    assert integrity.verify(at=timezone.now(), about=[integrity.About.ROWS]) == {}
    return refusals
