"""What differs from row to row, as a source of one statement under the name `own`.

SQLite reads the values as VALUES (…), whose columns it numbers from 1. PostgreSQL takes an array
for each column and numbers them alike: a thousand rows of VALUES cost psycopg and the server more
time to read than to write. A CASE with one branch for each row would take quadratic time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import CharField, ForeignKey, IntegerField, TextField
from django.db.models.sql import UpdateQuery

from apps.queries.arrays import as_array


@dataclass(frozen=True)
class Copies:
    """What the database copies for the rows of a set, each from another row, unread by Python.

    `keys` are the keys of the rows of `model` in the order of the set. `columns` are {column of the
    set: column of `model`}, `event` the same for `due_at` and `reason` of the events.
    """

    model: Any
    keys: list[int]
    columns: Mapping[str, str] = field(default_factory=dict)
    event: Mapping[str, str] = field(default_factory=dict)


class Values:
    """`pks` are keys of `model`; `lists` {name: a value for each}; `fields` {name: its field}.

    The primary key is column 1, the fields follow in their order. `copies` are joined to them.
    """

    def __init__(self, model, pks, fields, lists, *, copies=None):
        self.model, self.fields, self.copies = model, fields, copies
        every, columns = [model._meta.pk, *fields.values()], [pks]
        columns += [as_stored(one, lists[name]) for name, one in fields.items()]
        if copies is not None:
            every, columns = [*every, copies.model._meta.pk], [*columns, copies.keys]
        self.sql, self.parameters = source_of(every, columns)
        if copies is not None:
            table, key = copies.model._meta.db_table, copies.model._meta.pk.column
            self.sql += f" JOIN {_quoted(table)} AS origin ON origin.{key} = own.column{len(every)}"

    @property
    def joined(self):
        """The source with the condition that it is about the same row of the table."""
        meta = self.model._meta
        return f"{self.sql} WHERE {_quoted(meta.db_table)}.{_quoted(meta.pk.column)} = own.column1"

    def columns(self):
        """{name: the column of that field}."""
        return {name: f"own.column{number}" for number, name in enumerate(self.fields, start=2)}

    def copied(self, names):
        """{name: the column that is copied}, where `names` are {name: column of the origin}."""
        return {
            name: f"origin.{_quoted(self.copies.model._meta.get_field(column).column)}"
            for name, column in names.items()
        }


def source_of(fields, columns):
    """(SQL, parameters) of the rows whose `columns` are lists of stored values of `fields`."""
    if connection.vendor == "postgresql":
        arrays = ", ".join(f"CAST(%s AS {type_of(one)}[])" for one in fields)
        numbered = ", ".join(f"column{number}" for number in range(1, len(fields) + 1))
        sql = f"UNNEST({arrays}) AS own ({numbered})"
        return sql, [_as_array(one, values) for one, values in zip(fields, columns, strict=True)]
    one = f"({', '.join(['%s'] * len(fields))})"
    rows = zip(*columns, strict=True)
    sql = f"(VALUES {', '.join([one] * len(columns[0]))}) AS own"
    return sql, [value for row in rows for value in row]


def placeholder(field):
    """Where one value of `field` stands in a SELECT. PostgreSQL does not guess its type."""
    return f"CAST(%s AS {type_of(field)})" if connection.vendor == "postgresql" else "%s"


def as_stored(field, values):
    """`values` as the database gets them. Numbers and plain texts are so already."""
    kinds = set(map(type, values))
    if kinds <= _PLAIN.get(_kind_of(field), set()):
        return values
    if kinds <= {datetime, type(None)}:  # the same few for all rows
        known = {one: field.get_db_prep_save(one, connection) for one in set(values)}
        return [known[one] for one in values]
    return [field.get_db_prep_save(getattr(value, "pk", value), connection) for value in values]


_PLAIN = {"number": {int, type(None)}, "text": {str, type(None)}}


def _kind_of(field):
    """ "number" or "text" for a field that stores these as they are, "" for any other."""
    if isinstance(field, ForeignKey):
        return _kind_of(field.target_field)
    if isinstance(field, IntegerField):
        return "number"
    plain = (CharField.get_prep_value, TextField.get_prep_value)
    return "text" if getattr(type(field), "get_prep_value", None) in plain else ""


def _as_array(field, values):
    kinds = set(map(type, values)) - {type(None)}
    if kinds == {datetime}:
        return as_array([None if one is None else str(one) for one in values])
    is_text = kinds == {str} and type_of(field) == "text"
    return as_array(values) if is_text or kinds == {int} else values


def type_of(field):
    """The type of PostgreSQL for the values of `field`.

    Any text is `text`: a cast to the column's own type would cut off what is too long for it
    instead of refusing it.
    """
    if isinstance(field, ForeignKey):
        return type_of(field.target_field)
    return "text" if isinstance(field, CharField | TextField) else field.db_type(connection)


def _quoted(name):
    return connection.ops.quote_name(name)


def update_from_values(model, pks, same, *, lists=None, copies=None, sources=None):
    """Write `lists` ({name: a value for each of `pks`}), `copies`, and `same` for every row.

    With `sources`, only to rows that are in one of these statuses. Returns how many were written.
    """
    fields = {name: model._meta.get_field(name) for name in lists or {}}
    values = Values(model, pks, fields, lists, copies=copies)
    query = model._base_manager.all().query.chain(UpdateQuery)
    query.add_update_values(same)
    update, of_all = query.get_compiler(connection=connection).as_sql()
    own = values.columns() | (values.copied(copies.columns) if copies else {})
    written = "".join(
        f", {_quoted(model._meta.get_field(name).column)} = {column}"
        for name, column in own.items()
    )
    sql, parameters = f"{update}{written} FROM {values.joined}", [*of_all, *values.parameters]
    if sources is not None:
        places = ", ".join(["%s"] * len(sources))
        sql += f" AND {_quoted(model._meta.db_table)}.status IN ({places})"
        parameters += sorted(sources)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.rowcount
