"""The scheduler of beat, which gives a sign of life at every tick.

`beat --scheduler=sbk_portal.beat:Scheduler`. The sign is the time of a file in var/, which
`python -m sbk_portal.probe beat` reads, and a message to systemd where that runs the process.
"""

import logging
import os
from pathlib import Path

from celery.beat import PersistentScheduler
from django.conf import settings
from gunicorn.systemd import sd_notify

PULSE = "beat-pulse"
logger = logging.getLogger(__name__)


class Scheduler(PersistentScheduler):
    # Look at least so often, in seconds, even when nothing is due.
    max_interval = 10

    def setup_schedule(self):
        super().setup_schedule()
        sd_notify("READY=1", logger)

    def tick(self, *args, **kwargs):
        """Send what is due; returns the seconds until the next look."""
        pause = super().tick(*args, **kwargs)
        show_pulse(settings.VAR_DIR)
        sd_notify("WATCHDOG=1", logger)
        return pause


def show_pulse(folder: Path) -> None:
    """Leave the time of this moment in `folder`. A full or read-only disk must not stop beat."""
    path = folder / PULSE
    try:
        path.touch(mode=0o600)
        os.utime(path)
    except OSError as error:
        logger.warning("The pulse of beat was not written: %s", error.strerror)
