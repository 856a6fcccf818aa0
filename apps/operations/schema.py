"""Whether the tables of a database are those that the models describe."""

from django.apps import apps


def missing_columns(connection):
    """`table.column` of each column of ours that the database has not, in order."""
    found = []
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for model in apps.get_models():
            meta = model._meta
            if model.__module__.startswith("apps.") and meta.managed and not meta.proxy:
                there = _columns(cursor, meta.db_table) if meta.db_table in tables else set()
                wanted = {field.column for field in meta.local_concrete_fields}
                found += [f"{meta.db_table}.{column}" for column in sorted(wanted - there)]
    return found


def _columns(cursor, table):
    # Django's introspection stumbles over checks of ours with several columns (SQLite).
    cursor.execute(f'SELECT * FROM "{table}" WHERE 1 = 0')  # noqa: S608 (a table of a model)
    return {column[0] for column in cursor.description}
