"""How long a task may run. It asks between two portions of its work."""

import time


class Deadline:
    """Passes `seconds` after it was made, by the monotonic clock of the process."""

    def __init__(self, seconds):
        self._end = time.monotonic() + seconds

    @property
    def has_passed(self):
        return time.monotonic() >= self._end
