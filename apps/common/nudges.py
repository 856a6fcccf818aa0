"""Asking a worker to come soon, so that nobody waits for the next tick of beat."""

import logging

from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def nudge(task):
    """Run a periodic task soon. If the broker is down, the next tick of beat runs it anyway."""
    try:
        task.delay()
    except (OperationalError, OSError) as error:
        logger.warning("%s not nudged: %s", task.name, error)
