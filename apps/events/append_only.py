"""The triggers by which the database keeps what a `Guard` says.

It refuses UPDATE of a fixed column, DELETE and TRUNCATE, and on SQLite also INSERT OR REPLACE,
which deletes the old row without firing a DELETE trigger. A migration creates the triggers. The
test harness empties tables by DELETE, so it removes the triggers for the time of its own flush.

On PostgreSQL the owner of a table can drop its triggers. In production the application therefore
signs in as a role that owns nothing (`manage.py database_roles`). On SQLite a migration that makes
the table anew loses them: it calls `protect` again.
"""

_SQLITE = {
    "no_update": "BEFORE UPDATE ON {table} {when}",
    "no_delete": "BEFORE DELETE ON {table} {unless}",
    "no_replace": "BEFORE INSERT ON {table} "
    "WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})",
}
_POSTGRESQL = {
    "no_update": "BEFORE UPDATE ON {table} FOR EACH ROW {when}",
    "no_delete": "BEFORE DELETE ON {table} FOR EACH ROW {unless}",
    "no_truncate": "BEFORE TRUNCATE ON {table} FOR EACH STATEMENT",
}


def protect(connection, guard):
    """Create the triggers of `guard`; `connection` is a Django connection or a schema editor's."""
    with connection.cursor() as cursor:
        for statement in _statements(connection, cursor, guard):
            cursor.execute(statement)


def unprotect(connection, guard):
    """Remove the triggers."""
    table = guard.table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in _SQLITE:
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{name}")
        else:
            cursor.execute(f"DROP FUNCTION IF EXISTS {table}_refuse() CASCADE")


def partitions_of(cursor, table):
    """The names of the partitions of `table` on PostgreSQL; none where it is one piece."""
    cursor.execute(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass "
        "ORDER BY 1",
        [table],
    )
    return [name for (name,) in cursor.fetchall()]


def _statements(connection, cursor, guard):
    table = guard.table
    introspection = connection.introspection
    columns = [column.name for column in introspection.get_table_description(cursor, table)]
    unknown = {*guard.changeable, *guard.once} - set(columns)
    if unknown:
        raise ValueError(f"{table} has no column {sorted(unknown)}")
    is_sqlite = connection.vendor == "sqlite"
    parts = {
        "table": table,
        "key": introspection.get_primary_key_column(cursor, table),
        "when": _when(guard, columns, differs="IS NOT" if is_sqlite else "IS DISTINCT FROM"),
        "unless": f"WHEN (NOT ({guard.deletable}))" if guard.deletable else "",
    }
    if is_sqlite:
        refusal = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for name, event in _SQLITE.items():
            yield f"CREATE TRIGGER {table}_{name} {event.format(**parts)} {refusal}"
        return
    yield (
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger AS $$ BEGIN "
        f"RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; "
        "END $$ LANGUAGE plpgsql"
    )
    for name, event in _POSTGRESQL.items():
        yield (
            f"CREATE TRIGGER {table}_{name} {event.format(**parts)} "
            f"EXECUTE FUNCTION {table}_refuse()"
        )
    # A partition has the triggers for rows of its table, but not the one for the statement.
    for partition in partitions_of(cursor, table):
        yield (
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {partition} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
        )


def _when(guard, columns, *, differs):
    """The condition under which an UPDATE is refused; "" for every UPDATE."""
    if not guard.changeable and not guard.once:
        return ""
    fixed = [name for name in columns if name not in guard.changeable + guard.once]
    refused = [f"OLD.{name} {differs} NEW.{name}" for name in fixed]
    refused += [
        f"(OLD.{name} IS NOT NULL AND OLD.{name} {differs} NEW.{name})" for name in guard.once
    ]
    return f"WHEN ({' OR '.join(refused)})"
