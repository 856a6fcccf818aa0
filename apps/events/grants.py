"""Two database roles for production: one owns the tables, the application uses the other.

The owner of a table can drop its triggers. The application therefore signs in as a role that owns
nothing: it may read and write rows, but in the book of events it may only read and insert.
"""

from apps.events.append_only import EVENTS


def statements(*, role, schema="public"):
    """The SQL by which the owner gives the application's `role` its rights; safe to run again.

    `role` and `schema` are names of PostgreSQL, quoted here. Future tables are covered as well.
    """
    who, where = _quoted(role), _quoted(schema)
    return [
        f"GRANT USAGE ON SCHEMA {where} TO {who}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {where} TO {who}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {where} TO {who}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA {where} "
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {who}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA {where} GRANT USAGE, SELECT ON SEQUENCES TO {who}",
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {where}.{_quoted(EVENTS)} FROM {who}",
    ]


def _quoted(name):
    return '"' + name.replace('"', '""') + '"'
