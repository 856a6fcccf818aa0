"""What a connection has prepared outlives a rollback, but not a change of the tables."""

import pytest
from django.db import connection, transaction

from apps.regions.models import City

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def prepared():
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return {statement for (statement,) in cursor.fetchall() if "regions_city" in statement}


@pytest.fixture
def statements():
    for _ in range(5):
        list(City.objects.filter(code="370100"))
    found = prepared()
    assert found
    return found


def test_a_rollback_keeps_what_is_prepared(statements):
    with transaction.atomic():
        list(City.objects.filter(code="370100"))
        transaction.set_rollback(True)
    assert prepared() == statements
    assert not list(City.objects.filter(code="370100"))


def test_going_back_to_a_savepoint_keeps_it_too(statements):
    with transaction.atomic():
        with transaction.atomic():
            list(City.objects.filter(code="370100"))
            transaction.set_rollback(True)
        list(City.objects.filter(code="370100"))
    assert prepared() == statements


def test_a_change_of_a_table_drops_it(statements):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE regions_city ALTER COLUMN name SET NOT NULL")
    assert not prepared()


def test_more_statements_are_kept_than_the_pages_send():
    names = [f"hot_page_{number}" for number in range(200)]
    for _ in range(5):
        with connection.cursor() as cursor:
            for name in names:
                cursor.execute(f"SELECT 1 AS {name} WHERE %s", [True])  # noqa: S608 - our own words
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM pg_prepared_statements WHERE statement LIKE %s", ["%hot_page_%"]
        )
        assert cursor.fetchone() == (200,)


def test_no_statement_is_compiled_to_machine_code():
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
