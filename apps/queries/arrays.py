"""Many values as one parameter of a statement: an array, on PostgreSQL.

A parameter for each value costs Django, psycopg and the server more than the statement itself.
"""

from django.db import connection
from django.db.models import BooleanField, F, Func, Q


def as_array(values):
    """A list of numbers, or of texts, as PostgreSQL writes it; any of them may be None.

    Quicker than psycopg, which looks for the type of each value.
    """
    kinds = set(map(type, values))
    if kinds <= {int, type(None)}:
        return f"{{{str(list(values))[1:-1].replace('None', 'NULL')}}}"
    joined = '","'.join(values) if kinds == {str} else ""
    if joined and "\\" not in joined and joined.count('"') == 2 * len(values) - 2:
        return f'{{"{joined}"}}'
    return f"{{{','.join(map(_quoted, values))}}}"


def _quoted(text):
    if text is None:
        return "NULL"
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
