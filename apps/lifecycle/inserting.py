"""The INSERT of many new rows, made of columns and not of instances."""

from typing import Any

from django.db import connection
from django.db.models import AutoField, GeneratedField
from django.db.models.fields import NOT_PROVIDED

from apps.encryption.fields import FollowingField
from apps.lifecycle.values import as_stored, placeholder, source_of


def insert_rows(model, columns, same, *, unless_same=()):
    """Add rows of `columns`, {name: a value for each}, and `same`, {name: the value of all}.

    What is left out gets its default; what follows another column is computed of it. A column that
    is given as it was stored, a `Sealed`, stays sealed: then what follows it is given too. Returns
    the keys, in the order of the values. With `unless_same`, the names of columns that are unique
    together, rows that are there already are left out, and nothing is returned.
    """
    count = len(next(iter(columns.values())))
    if not count:
        return []
    lists: dict[Any, list] = {}
    of_all: dict[Any, Any] = {}
    for field in model._meta.local_concrete_fields:
        if field.name in same or _has_one_default(field, columns):
            value = same[field.name] if field.name in same else field.get_default()
            of_all[field] = as_stored(field, [value])[0]
        elif (values := _values_of(field, columns, count)) is not None:
            lists[field] = as_stored(field, values)
    source, parameters = source_of(list(lists), list(lists.values()))
    into = ", ".join(connection.ops.quote_name(field.column) for field in [*lists, *of_all])
    found = [f"own.column{number}" for number in range(1, len(lists) + 1)]
    found += [placeholder(field) for field in of_all]
    table, key = model._meta.db_table, model._meta.pk.column
    # "WHERE true" tells SQLite that ON CONFLICT is not the condition of a JOIN.
    unique = ", ".join(model._meta.get_field(name).column for name in unless_same)
    end = f"WHERE true ON CONFLICT ({unique}) DO NOTHING" if unique else f"RETURNING {key}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({into}) SELECT {', '.join(found)} "  # noqa: S608
            f"FROM {source} {end}",
            [*of_all.values(), *parameters],
        )
        return [] if unique else [pk for (pk,) in cursor.fetchall()]


def _has_one_default(field, columns):
    """Whether all rows get the same value, because the model names one."""
    if field.name in columns or isinstance(field, GeneratedField | AutoField | FollowingField):
        return False
    if field.default is NOT_PROVIDED:
        return not field.null and field.db_default is NOT_PROVIDED
    return not callable(field.default)


def _values_of(field, columns, count):
    """The values of one column; None for one that the database fills."""
    if field.name in columns:
        return columns[field.name]
    if isinstance(field, FollowingField):
        return [field.value_of(value) for value in columns[field.source]]
    if isinstance(field, GeneratedField | AutoField) or field.default is NOT_PROVIDED:
        return None
    return [field.get_default() for _ in range(count)]
