"""The triggers that make the book of events append-only.

The database refuses UPDATE, DELETE and TRUNCATE, and on SQLite also INSERT OR REPLACE, which
deletes the old row without firing a DELETE trigger. A migration creates the triggers. The test
harness empties tables by DELETE, so it removes the triggers for the time of its own flush.

On PostgreSQL the owner of a table can drop its triggers. In production the application therefore
signs in as a role that owns nothing (`manage.py database_roles`).
"""

EVENTS = "events_event"

_CREATE = {
    "sqlite": [
        "CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
        "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
        "CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
        "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
        "CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
        "WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) "
        "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
    ],
    "postgresql": [
        "CREATE FUNCTION {table}_refuse() RETURNS trigger AS $$ BEGIN "
        "RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; "
        "END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
        "CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
    ],
}

_DROP = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS {table}_no_update",
        "DROP TRIGGER IF EXISTS {table}_no_delete",
        "DROP TRIGGER IF EXISTS {table}_no_replace",
    ],
    "postgresql": [
        "DROP TRIGGER IF EXISTS {table}_no_change ON {table}",
        "DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}",
        "DROP FUNCTION IF EXISTS {table}_refuse()",
    ],
}


def protect(connection, table=EVENTS):
    """Create the triggers; `connection` is a Django connection or a schema editor's."""
    _run(connection, _CREATE, table)


def unprotect(connection, table=EVENTS):
    """Remove the triggers."""
    _run(connection, _DROP, table)


def _run(connection, statements, table):
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement.replace("{table}", table))
