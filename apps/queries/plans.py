"""When PostgreSQL plans a statement that it has prepared."""

from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def planned_by_values():
    """Inside, PostgreSQL plans each statement by its values, also one that it has prepared.

    For lists that people narrow by what is rare as well as by what is usual: the one plan for all
    values that a prepared statement gets reads the whole table for a rare one.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        plan_by_values()
        yield


def plan_by_values():
    """The same, from here to the end of the transaction around it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL plan_cache_mode = force_custom_plan")
