"""Queries of hot pages, whose SQL is written once in each process and sent with other values.

Django writes the SQL of a queryset anew each time it is read. For a wide one that takes several
times as long as the database takes to answer.

    OF_CITY = PreparedQuery(lambda city: Bank.objects.filter(cities=city), city=City)
    banks = OF_CITY.read(city=place.pk)

The rows are those of the queryset, made by Django's own code. It may ask for models, or for
`values` or `values_list`; the first rows of a queryset are asked for with a slice in it.
"""

import re
from copy import copy
from functools import cached_property
from threading import Lock, local

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Field
from django.db.models.sql.compiler import SQLCompiler

from apps.queries.parameters import Parameter, Parameters
from apps.queries.together import Asked, taken


def padded(keys, length):
    """`keys`, at most `length`, as a list of that length: the last one stands there several times.

    So one prepared query does for lists of all these lengths.
    """
    return [*keys, *keys[-1:] * (length - len(keys))]


def rounded(keys):
    """`keys` as `padded` to the next power of two: six queries do for lists of up to 32."""
    return padded(keys, 1 << (len(keys) - 1).bit_length()) if keys else []


class PreparedQuery:
    """`make` returns the queryset; it gets a `Parameter`, or for a list `Parameters`, by each name.

    `fields` are the field of the value by its name: a `Field`, or a model for a primary key of it.
    `make` must not read anything else that changes: no clock, no settings, no other rows.
    """

    def __init__(self, make, **fields):
        self._make = make
        self._fields = fields
        self._lock = Lock()
        # By the lengths of the lists: what is written, or None for what finds no row.
        self._written: dict[tuple, _Written | None] = {}
        self._here = _OfThread()

    def read(self, **values):
        """The list of the rows for `values`: one query, and none for an empty list.

        A list of another length is another query, so lists should be short: see `padded`.
        """
        own = self.written(values)
        if own is None:
            return []
        own.compiler.values, own.compiler.rows = values, taken(self, values)
        return list(own.queryset._iterable_class(own.queryset))

    def asks(self, **values):
        """What `read` asks for, to be read together with others (apps/queries/together.py)."""
        return Asked(self, values)

    def asks_count(self, **values):
        return Asked(self, values, is_count=True)

    def written(self, values):
        """The `_Written` of this thread for lists as long as those of `values`.

        None for what finds no row.
        """
        lengths = tuple((name, len(one)) for name, one in values.items() if isinstance(one, list))
        own = self._here.by_lengths.get(lengths)
        if own is None or own.compiler.connection is not connections[DEFAULT_DB_ALIAS]:
            written = self._writing(lengths)
            if written is None:
                return None
            own = self._here.by_lengths[lengths] = written.for_this_thread()
        return own

    def _writing(self, lengths):
        with self._lock:
            if lengths not in self._written:
                queryset = self._make(**self._parameters(dict(lengths)))
                try:
                    self._written[lengths] = _Written(queryset)
                except EmptyResultSet:
                    self._written[lengths] = None
            return self._written[lengths]

    def count(self, **values):
        """How many rows `read` would return; the database returns nothing but that number."""
        own = self.written(values)
        if own is None:
            return 0
        [[number]] = taken(self, values, is_count=True) or own.compiler.count(values)
        return number

    def first(self, **values):
        """The only row, or one of several in no order; None without any: one query."""
        return next(iter(self.read(**values)), None)

    def _parameters(self, lengths):
        return {
            name: Parameters(Parameter((name, number), field) for number in range(lengths[name]))
            if name in lengths
            else Parameter((name, None), field)
            for name, field in ((name, _field(one)) for name, one in self._fields.items())
        }


def _field(field):
    return field if isinstance(field, Field) else field._meta.pk


def _by_parameter(values):
    return {
        (name, number): member
        for name, value in values.items()
        for number, member in (enumerate(value) if isinstance(value, list) else [(None, value)])
    }


class _OfThread(local):
    """Of each thread: the `_Written` for the lengths of the lists, with its own connection."""

    def __init__(self):
        self.by_lengths = {}


class _Written:
    """A queryset, and the one compiler of its query, which has written its SQL.

    Raises `EmptyResultSet` for a queryset that finds nothing, whatever the database holds.
    """

    def __init__(self, queryset, compiler=None):
        self.queryset = queryset
        self.compiler = compiler or _compiler_of(queryset.query)
        # Django asks the query for its compiler.
        queryset.query.get_compiler = lambda *args, **options: self.compiler

    def for_this_thread(self):
        """The same for the connection of this thread."""
        compiler = copy(self.compiler)
        compiler.connection, compiler.converters = connections[DEFAULT_DB_ALIAS], None
        return _Written(self.queryset._clone(), compiler)


class _WritesOnce(SQLCompiler):
    """A compiler that keeps its SQL, and puts `values` into the parameters of it.

    It reads all rows at once, and without looking for what our queries do not have: primary keys of
    several columns, and columns that are only there to sort by.
    """

    values: dict = {}
    rows: list | None = None  # what was read together with others
    sql = ""
    params: dict[str, object] = {}  # by their names in the SQL
    converters: dict | None = None

    def as_sql(self, *args, **options):
        if not self.sql:
            sql, params = super().as_sql(*args, **options)
            self.sql, self.params = _named(*_with_constants(sql, params, self.connection))
            return self.sql, self.params
        return self.sql, self.bound(self.values)

    def bound(self, values):
        values = _by_parameter(values)
        return {
            name: one.bound(values, self.connection) if isinstance(one, Parameter) else one
            for name, one in self.params.items()
        }

    def execute_sql(self, *args, **options):
        if self.rows is not None:
            return [self.rows]
        with self.connection.cursor() as cursor:
            cursor.execute(self.sql, self.bound(self.values))
            return [cursor.fetchall()]

    def results_iter(self, results=None, tuple_expected=False, *args, **options):
        [rows] = self.execute_sql() if results is None else results
        if self.converters is None:
            fields = [column for column, *_ in self.select[: self.col_count]]
            self.converters = self.get_converters(fields)
        if self.converters:
            rows = self.apply_converters(rows, self.converters)
        return map(tuple, rows) if tuple_expected else rows

    @property
    def counting(self):
        return f"SELECT COUNT(*) FROM ({self.sql}) counted"  # noqa: S608 - our own SQL

    @cached_property
    def column_types(self):
        """Those of a result, in which lengths and the sizes of integers make no difference."""
        fields = [column.output_field for column, *_ in self.select]
        types = [field.cast_db_type(self.connection).partition("(")[0] for field in fields]
        return tuple("bigint" if one in ("integer", "smallint") else one for one in types)

    def count(self, values):
        with self.connection.cursor() as cursor:
            cursor.execute(self.counting, self.bound(values))
            return cursor.fetchall()


_PLACE = re.compile("%[s%]")


def _with_constants(sql, params, connection):
    """`sql` with all values written into it but the `Parameter`s, and these.

    So PostgreSQL knows the values that never change when it plans the statement for all others:
    which index `WHERE status = 'OPEN'` may use, how few rows have that status (decision 0157).
    """
    if connection.vendor != "postgresql":
        return sql, params
    values, left = iter(params), []

    def fill(place):
        if place[0] == "%%":
            return place[0]
        value = next(values)
        if isinstance(value, Parameter):
            left.append(value)
            return place[0]
        return connection.ops.compose_sql("%s", [value]).replace("%", "%%")

    return _PLACE.sub(fill, sql), tuple(left)


def _named(sql, params):
    """`sql` with names for its parameters, and {name: parameter}.

    One that stands there several times is sent once.
    """
    values = iter(params)
    named: dict[str, object] = {}

    def name(place):
        if place[0] == "%%":
            return place[0]
        value = next(values)
        is_parameter = isinstance(value, Parameter)
        name = value.placeholder if is_parameter else f"constant_{len(named)}"
        named[name] = value
        return f"%({name})s"

    return _PLACE.sub(name, sql), named


def _compiler_of(query):
    made = query.get_compiler(using=DEFAULT_DB_ALIAS)
    made.__class__ = type("PreparedCompiler", (_WritesOnce, type(made)), {})
    made.as_sql()
    if made.has_extra_select or made.has_composite_fields([each for each, *_ in made.select]):
        raise TypeError("a prepared query reads exactly the columns that it selects")
    return made
