"""Two database roles for production: one owns the tables, the application uses the other.

The owner of a table can drop its triggers. The application therefore signs in as a role that owns
nothing: it may read and write rows, but of a guarded table only what its `Guard` lets through.
"""

from apps.events.guards import all_guards


def statements(*, role, schema="public"):
    """The SQL by which the owner gives the application's `role` its rights; safe to run again.

    `role` and `schema` are names of PostgreSQL, quoted here. Future tables are covered as well.
    """
    who, where = _quoted(role), _quoted(schema)
    found = [
        f"GRANT USAGE ON SCHEMA {where} TO {who}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {where} TO {who}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {where} TO {who}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA {where} "
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {who}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA {where} GRANT USAGE, SELECT ON SEQUENCES TO {who}",
    ]
    for guard in all_guards():
        table = f"{where}.{_quoted(guard.table)}"
        rights = "UPDATE, TRUNCATE" if guard.deletable else "UPDATE, DELETE, TRUNCATE"
        found.append(f"REVOKE {rights} ON {table} FROM {who}")
        columns = ", ".join(_quoted(name) for name in (*guard.changeable, *guard.once))
        if columns:
            found.append(f"GRANT UPDATE ({columns}) ON {table} TO {who}")
    return found


def _quoted(name):
    return '"' + name.replace('"', '""') + '"'
