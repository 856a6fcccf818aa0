"""Keeps what a connection to PostgreSQL has prepared, also after a rollback.

psycopg forgets all of it then, because a table that the transaction made is gone. The programs of
the portal make none, but they roll back for every form that is refused: the next pages would wait
for each of their statements to be planned anew.
"""

import re

# psycopg has no setting for these; tests/services/test_prepared_statements.py would show a change.
from psycopg import _queries
from psycopg._preparing import PrepareManager

from sbk_portal.hung_server import WatchedConnection
from sbk_portal.read_moments import MomentLoader

# A connection keeps so many statements, the last ones used. psycopg's 100 are fewer than the pages
# send: while somebody reads one page, what the others ask would be forgotten.
MOST = 300

# psycopg looks for the places of the values once in a statement, unless it is longer than 4,096
# bytes or has more than 50 values. Several queries that are sent as one have more
# (apps/queries/together.py).
_queries.MAX_CACHED_STATEMENT_LENGTH = 65_536
_queries.MAX_CACHED_STATEMENT_PARAMS = 300

_changes_tables = re.compile(rb"(?:DROP|ALTER|DISCARD ALL|DEALLOCATE ALL)\b").match


class _KeptPrepared(PrepareManager):
    def _should_discard(self, prep, results, *rest):
        told = (result.command_status for result in results)
        return any(status and _changes_tables(status) for status in told) and super().clear()

    def clear(self):
        """Called after a rollback."""
        return False


class PortalConnection(WatchedConnection):
    """Takes the place of psycopg's own class in the pool."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self._prepared = _KeptPrepared()
        self.prepared_max = MOST

    @classmethod
    def connect(cls, *arguments, **options):
        connection = super().connect(*arguments, **options)
        connection.adapters.register_loader("timestamptz", MomentLoader)
        return connection
