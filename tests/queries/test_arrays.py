"""Many values as one parameter come back as they were."""

import pytest
from django.db import connection

from apps.queries.arrays import as_array

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL")
@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("bigint", []),
        ("bigint", [7]),
        ("bigint", [1, None, -3]),
        ("bigint", [None]),
        ("text", ["one"]),
        ("text", [""]),
        ("text", ["", "NULL", "a,b", "{c}", " d ", "张超"]),
        ("text", ['"', "\\", '\\"', '","']),
        ("text", ['","', "plain"]),
        ("text", ["one", None]),
    ],
)
def test_an_array_holds_its_values_as_they_are(kind, values):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT CAST(%s AS {kind}[])", [as_array(values)])  # noqa: S608
        assert cursor.fetchone() == (values,)
