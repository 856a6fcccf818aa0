"""A few rows of another table, as one text that the query of a page carries along."""

import json

from django.db.models import Func, TextField


class JsonRows(Func):
    """All rows of a sub-query as one text in JSON: a list of the values of each, in no order.

        Subquery(Bank.objects.values(rows=JsonRows("code", "name")))

    Days are text. Without any row it is None, or an empty list: `rows_in` reads both.
    """

    output_field = TextField()

    def as_postgresql(self, compiler, connection, **context):
        template = "JSON_AGG(JSON_BUILD_ARRAY(%(expressions)s))::text"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_sqlite(self, compiler, connection, **context):
        template = "JSON_GROUP_ARRAY(JSON_ARRAY(%(expressions)s))"
        return self.as_sql(compiler, connection, template=template, **context)


def rows_in(text):
    """The rows in a text of `JsonRows`."""
    return json.loads(text) if text else []
