"""What is dear to read and may be a moment old, kept in this process for some seconds.

For names that a list is narrowed by, and for figures that say when they were read. Never for
anything that has a status, and never for what a rule is checked against.
"""

from datetime import timedelta
from weakref import WeakSet

_ALL: "WeakSet[KeptHere]" = WeakSet()


class KeptHere:
    """`read` returns what nobody changes; its arguments can be keys, and are few different ones."""

    def __init__(self, read, *, seconds):
        self._read = read
        self._lifetime = timedelta(seconds=seconds)
        self._kept: dict = {}
        _ALL.add(self)

    def at(self, moment, *arguments):
        """What `read` returns for `arguments`; at `moment` it is no older than it may be."""
        read_at, found = self._kept.get(arguments, (None, None))
        if read_at is None or not read_at <= moment < read_at + self._lifetime:
            found = self._read(*arguments)
            self._kept[arguments] = moment, found
        return found

    def forget(self):
        self._kept.clear()


def forget_all():
    """Read all of it anew: a test has other rows than the one before."""
    for one in _ALL:
        one.forget()
