"""VALUES (…) AS own: a value for each of many rows, as a source of one statement.

Both databases number the columns of VALUES from 1, and both join them in INSERT … SELECT and in
UPDATE … FROM. A CASE with one branch for each row would take quadratic time.
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
        self.parameters: list[Any] = []
        for pk, values in rows.items():
            for field, value in zip(every, [pk, *(values[n] for n in fields)], strict=True):
                value = getattr(value, "pk", value)
                self.parameters.append(field.get_db_prep_save(value, connection))
        one = f"({', '.join(['%s'] * len(every))})"
        self.sql = f"(VALUES {', '.join([one] * len(rows))}) AS own"

    @property
    def joined(self):
        """The source with the condition that it is about the same row of the table."""
        quote = connection.ops.quote_name
        meta = self.model._meta
        key = f"{quote(meta.db_table)}.{quote(meta.pk.column)}"
        return f"{self.sql} WHERE {key} = {self._column(meta.pk, 1)}"

    def columns(self):
        """{name: the column of that field}, as PostgreSQL wants it typed."""
        numbered = enumerate(self.fields.items(), start=2)
        return {name: self._column(field, number) for number, (name, field) in numbered}

    @staticmethod
    def _column(field, number):
        """The column, cast to its type: PostgreSQL takes a column that holds only NULL for text.

        Text is not cast: a cast would cut off a text that is too long instead of refusing it.
        """
        name = f"own.column{number}"
        if connection.vendor == "sqlite" or isinstance(field, CharField | TextField):
            return name
        return f"CAST({name} AS {field.db_type(connection)})"


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
