"""What stands in the queryset of a `PreparedQuery` for the values that it gets later."""

from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField, Expression, F, Func


class Parameter(Expression):
    """Stands in a queryset for a value that `PreparedQuery.read` gets."""

    def __init__(self, name, output_field):
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler, connection):
        return "%s", [self]

    @property
    def placeholder(self):
        """How it is called in the SQL."""
        name, number = self.name
        return name if number is None else f"{name}_{number}"

    def bound(self, values, connection):
        return self.output_field.get_db_prep_value(values[self.name], connection)


class OneOf(Func):
    """Whether the first expression is one of the others; `field__in` takes none but values."""

    template = "%(expressions)s"
    output_field = BooleanField()

    def as_sql(self, compiler, connection, *args, **context):
        compiled = [compiler.compile(each) for each in self.source_expressions]
        (found, *members), params = zip(*compiled, strict=True)
        if not members:
            raise EmptyResultSet
        return f"{found} IN ({', '.join(members)})", [one for each in params for one in each]


class Parameters(list):
    """The `Parameter`s of a value that is a list: one for each of its members."""

    def holds(self, field):
        """The condition that `field` is one of the members, as `field__in` would say it."""
        return OneOf(F(field), *self)
