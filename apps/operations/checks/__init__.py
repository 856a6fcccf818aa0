"""Every check, in the order of the page. `manage.py doctor`, the page, the alarms and
docs/operations.md all read this one table.
"""

from apps.operations.checks import machine, processes, work

CHECKS = (*machine.CHECKS, *processes.CHECKS, *work.CHECKS)


def by_key(key):
    """The `HealthCheck` with this key. Raises StopIteration for an unknown one."""
    return next(check for check in CHECKS if check.key == key)
