"""Two database roles for production: one owns the tables, the application uses the other.

The owner of a table can drop its triggers. The application therefore signs in as a role that owns
nothing: it may read and write rows, but of a guarded table only what its `Guard` lets through.
"""

from apps.events.guards import all_guards
from apps.events.partitions import before_months

# Of a table that is divided (`partition_events`) the parts can be read, for a backup, and rows go
# in through the table. Its key is not unique by itself: the database alone gives a number.
_PARTITIONS = """DO $do$ DECLARE part regclass; columns text; BEGIN
 FOR part IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = '{table}'::regclass LOOP
  EXECUTE 'REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON ' || part || ' FROM {who}';
 END LOOP;
 IF part IS NOT NULL THEN
  SELECT string_agg(quote_ident(attname), ', ') INTO columns FROM pg_attribute
   WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped AND attname <> 'id';
  REVOKE INSERT ON {table} FROM {who};
  EXECUTE 'GRANT INSERT (' || columns || ') ON {table} TO {who}';
 END IF;
 IF to_regclass('{before}') IS NOT NULL THEN REVOKE ALL ON {before} FROM {who}; END IF;
END $do$"""


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
        before = f"{where}.{_quoted(before_months(guard.table))}"
        rights = "UPDATE, TRUNCATE" if guard.deletable else "UPDATE, DELETE, TRUNCATE"
        found.append(f"REVOKE {rights} ON {table} FROM {who}")
        columns = ", ".join(_quoted(name) for name in (*guard.changeable, *guard.once))
        if columns:
            found.append(f"GRANT UPDATE ({columns}) ON {table} TO {who}")
        found.append(_PARTITIONS.format(table=table, who=who, before=before))
    return found


def _quoted(name):
    return '"' + name.replace('"', '""') + '"'
