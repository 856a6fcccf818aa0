"""The compare-and-swap of one row, together with its event.

Its SQL is written once for each model and the columns of a move. On PostgreSQL it is one statement
and one way to the server; SQLite takes the two one after the other.
"""

from functools import cache
from typing import Any

from django.db import connection, transaction

from apps.events.inserting import execute, insertion_of


def swap(row, values, event):
    """Write `values` and add `event`, both or neither, if `row` still has the status that was read.

    `values` are {name of a field: value}. Returns whether it had. The row in memory stays as it is.
    """
    model: Any = type(row)
    fields = [model._meta.get_field(name) for name in values]
    update = _update(model, tuple(field.column for field in fields))
    parameters = [
        field.get_db_prep_save(getattr(value, "pk", value), connection)
        for field, value in zip(fields, values.values(), strict=True)
    ]
    parameters += [row.pk, row.status]
    if connection.vendor == "postgresql":
        insert, of_event = insertion_of(event, source="FROM moved")
        both = f"WITH moved AS ({update} RETURNING 1) {insert}"
        return execute(event, both, [*parameters, *of_event])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(update, parameters)
        return bool(cursor.rowcount) and execute(event, *insertion_of(event))


@cache
def _update(model, columns):
    quote = connection.ops.quote_name
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
    written = ", ".join(f"{quote(column)} = %s" for column in columns)
    return f"UPDATE {table} SET {written} WHERE {key} = %s AND status = %s"  # noqa: S608
