"""A value for each of many rows, as a source of one statement under the name `own`.

SQLite reads them as VALUES (…), whose columns it numbers from 1. PostgreSQL takes an array for each
column and numbers them alike: a thousand rows of VALUES cost psycopg and the server more time to
read than to write. A CASE with one branch for each row would take quadratic time.
"""

from typing import Any

from django.db import connection
from django.db.models import CharField, TextField
from django.db.models.sql import UpdateQuery


class Values:
    """`rows` is {pk: {name: value}} for rows of `model`; `fields` is {name: the field of a value}.

    The primary key is column 1, the fields follow in their order.
    """

    def __init__(self, model, fields, rows):
        self.model, self.fields = model, fields
        every = [model._meta.pk, *fields.values()]
        columns: list[list[Any]] = [list(rows)]
        for name, field in fields.items():
            values = (row[name] for row in rows.values())
            columns.append(
                [
                    field.get_db_prep_save(getattr(value, "pk", value), connection)
                    for value in values
                ]
            )
        if connection.vendor == "postgresql":
            self.parameters: list[Any] = columns
            arrays = ", ".join(f"CAST(%s AS {_type_of(field)}[])" for field in every)
            numbered = ", ".join(f"column{number}" for number in range(1, len(every) + 1))
            self.sql = f"UNNEST({arrays}) AS own ({numbered})"
        else:
            self.parameters = [value for row in zip(*columns, strict=True) for value in row]
            one = f"({', '.join(['%s'] * len(every))})"
            self.sql = f"(VALUES {', '.join([one] * len(rows))}) AS own"

    @property
    def joined(self):
        """The source with the condition that it is about the same row of the table."""
        quote = connection.ops.quote_name
        meta = self.model._meta
        return f"{self.sql} WHERE {quote(meta.db_table)}.{quote(meta.pk.column)} = own.column1"

    def columns(self):
        """{name: the column of that field}."""
        return {name: f"own.column{number}" for number, name in enumerate(self.fields, start=2)}


def _type_of(field):
    """The type of PostgreSQL for the values of `field`.

    Any text is `text`: a cast to the column's own type would cut off what is too long for it
    instead of refusing it.
    """
    return "text" if isinstance(field, CharField | TextField) else field.db_type(connection)


def update_from_values(model, rows, same):
    """Write {pk: {name: value}}, with the same names for all rows, and `same` for every row."""
    names = list(next(iter(rows.values())))
    values = Values(model, {name: model._meta.get_field(name) for name in names}, rows)
    query = model._base_manager.all().query.chain(UpdateQuery)
    query.add_update_values(same)
    update, of_all = query.get_compiler(connection=connection).as_sql()
    own = "".join(
        f", {connection.ops.quote_name(values.fields[name].column)} = {column}"
        for name, column in values.columns().items()
    )
    with connection.cursor() as cursor:
        cursor.execute(f"{update}{own} FROM {values.joined}", [*of_all, *values.parameters])
