"""The INSERT of one event, whose SQL is written once."""

from functools import cache

from django.db import connections
from django.db.models import CharField, TextField

from apps.events.models import Event


def insert(event):
    """Save the new `event`. It gets its key."""
    sql, parameters = insertion_of(event)
    execute(event, sql, parameters)


def insertion_of(event, *, source=""):
    """(SQL, parameters) that add `event` once for each row of `source`, as "FROM moved"."""
    connection = connections[Event.objects.db]
    parameters = [
        field.get_db_prep_save(getattr(event, field.attname), connection) for field in _fields()
    ]
    return f"{_insert(connection.vendor)} {source} RETURNING id", parameters


def execute(event, sql, parameters):
    """Whether `sql`, which ends with the INSERT of `event`, has added it. Then it has its key."""
    with connections[Event.objects.db].cursor() as cursor:
        cursor.execute(sql, parameters)
        added = cursor.fetchall()
    for (event.pk,) in added:
        event._state.adding = False
    return bool(added)


@cache
def _fields():
    return [field for field in Event._meta.concrete_fields if not field.primary_key]


@cache
def _insert(vendor):
    columns = ", ".join(field.column for field in _fields())
    values = ", ".join(_placeholder(field, vendor) for field in _fields())
    return f"INSERT INTO {Event._meta.db_table} ({columns}) SELECT {values}"  # noqa: S608


def _placeholder(field, vendor):
    """PostgreSQL does not guess the type of a value in a SELECT.

    Any text is `text`: a cast to the column's own type would cut off what is too long for it.
    """
    if vendor != "postgresql":
        return "%s"
    is_text = isinstance(field, CharField | TextField)
    return f"CAST(%s AS {'text' if is_text else field.db_type(connections[Event.objects.db])})"
