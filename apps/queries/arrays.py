"""Many values as one parameter of a statement: an array, on PostgreSQL.

A parameter for each value costs Django, psycopg and the server more than the statement itself.
"""

from django.db import connection
from django.db.models import BooleanField, F, Func, Q


def as_array(values):
    """A list of numbers, or of texts, as PostgreSQL writes it; any of them may be None.

    Quicker than psycopg, which looks for the type of each value.
    """
    if set(map(type, values)) <= {int, type(None)}:
        return f"{{{','.join(['NULL' if one is None else str(one) for one in values])}}}"
    return f"{{{','.join(map(_quoted, values))}}}"


def _quoted(text):
    if text is None:
        return "NULL"
    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def among(column, values):
    """The condition that `column` is one of `values`, which are numbers or texts, as `__in` says.

    Sealed columns and other types need `__in`.
    """
    values = list(values)
    if connection.vendor != "postgresql" or not values:
        return Q(**{f"{column}__in": values})
    return _Among(F(column), values)


class _Among(Func):
    output_field = BooleanField()
    conditional = True

    def __init__(self, column, values):
        super().__init__(column)
        self.values = values

    def as_sql(self, compiler, connection, *args, **context):
        sql, params = compiler.compile(self.source_expressions[0])
        kind = "bigint" if type(self.values[0]) is int else "text"
        return f"{sql} = ANY(CAST(%s AS {kind}[]))", [*params, as_array(self.values)]
