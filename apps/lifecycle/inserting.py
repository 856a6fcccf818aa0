"""The INSERT of many new rows, made of columns and not of instances."""

from django.db import connection
from django.db.models import AutoField, GeneratedField
from django.db.models.fields import NOT_PROVIDED

from apps.encryption.fields import FollowingField
from apps.lifecycle.values import as_stored, placeholder, source_of


def insert_rows(model, columns, same):
    """Add rows of `columns`, {name: a value for each}, and `same`, {name: the value of all}.

    What is left out gets its default; what follows another column is computed of it. A column that
    is given as it was stored, a `Sealed`, stays sealed: then what follows it is given too. Returns
    the keys, in the order of the values.
    """
    count = len(next(iter(columns.values())))
    if not count:
        return []
    fields, lists = [], []
    for field in model._meta.local_concrete_fields:
        values = None if field.name in same else _values_of(field, columns, count)
        if values is not None:
            fields.append(field)
            lists.append(as_stored(field, values))
    source, of_source = source_of(fields, lists)
    of_all = {model._meta.get_field(name): value for name, value in same.items()}
    into = ", ".join(connection.ops.quote_name(field.column) for field in [*fields, *of_all])
    found = [f"own.column{number}" for number in range(1, len(fields) + 1)]
    found += [placeholder(field) for field in of_all]
    table, key = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({into}) SELECT {', '.join(found)} "  # noqa: S608
            f"FROM {source} RETURNING {key}",
            [value for field, one in of_all.items() for value in as_stored(field, [one])]
            + of_source,
        )
        return [pk for (pk,) in cursor.fetchall()]


def _values_of(field, columns, count):
    """The values of one column; None for one that the database fills."""
    if field.name in columns:
        return columns[field.name]
    if isinstance(field, GeneratedField | AutoField):
        return None
    if isinstance(field, FollowingField):
        return [field.value_of(value) for value in columns[field.source]]
    if field.default is NOT_PROVIDED and (field.null or field.db_default is not NOT_PROVIDED):
        return None
    return [field.get_default() for _ in range(count)]
