"""Asking a worker to come soon, so that nobody waits for the next tick of beat.

A broker that is down, hung or full costs the person who waits at most `PATIENCE` seconds, and then
nothing for `REST` seconds: beat finds the same rows at its next tick.
"""

import logging
import time

from kombu.exceptions import KombuError

logger = logging.getLogger(__name__)

PATIENCE = 0.5
REST = 30.0
# When this process may ask the broker again (time.monotonic).
_rests_until = 0.0


def nudge(task):
    """Run a periodic task soon. If the broker does not answer, the next tick of beat runs it."""
    global _rests_until
    if time.monotonic() < _rests_until:
        return
    try:
        with impatient_connection(task.app) as connection:
            task.apply_async(connection=connection, retry=False)
    except (KombuError, OSError) as error:
        _rests_until = time.monotonic() + REST
        logger.warning("%s not nudged: %s", task.name, type(error).__name__)


def impatient_connection(app):
    """A connection to the broker that waits `PATIENCE` at most.

    One of its own: a worker's may wait for its messages as long as it likes.
    """
    patience = {
        "socket_timeout": PATIENCE,
        "socket_connect_timeout": PATIENCE,
        "max_retries": 0,  # or kombu connects again and again
    }
    return app.connection_for_write(connect_timeout=PATIENCE, transport_options=patience)
