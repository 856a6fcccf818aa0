"""What hardly ever changes and is dear to read, kept in this process for a minute.

For the names that a list is narrowed by: a new one may come a minute late. Never for anything that
has a status, and never for what a rule is checked against.
"""

from weakref import WeakSet

SECONDS = 60
_ALL: "WeakSet[KeptForAMinute]" = WeakSet()


class KeptForAMinute:
    """`read` takes no arguments, and returns what nobody changes."""

    def __init__(self, read):
        self._read = read
        self._kept = None
        _ALL.add(self)

    def at(self, moment):
        """What `read` returned within the minute of `moment`."""
        minute, kept = moment.timestamp() // SECONDS, self._kept
        if kept is None or kept[0] != minute:
            # One assignment, so that no thread sees the minute of one with the value of another.
            self._kept = kept = minute, self._read()
        return kept[1]

    def forget(self):
        self._kept = None


def forget_all():
    """Read all of it anew: a test has other rows than the one before."""
    for one in _ALL:
        one.forget()
