"""Breaking what the database guards, as its owner can."""

from contextlib import contextmanager

from django.db import connection

from apps.events import append_only
from apps.events.guards import all_guards


@contextmanager
def without_guards():
    """The block may change and delete rows of every guarded table."""
    for guard in all_guards():
        append_only.unprotect(connection, guard)
    try:
        yield
    finally:
        for guard in all_guards():
            append_only.protect(connection, guard)
