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
    """The same, from here to `plan_as_usual`, or to the end of the transaction around it.

    The checks of the foreign keys belong to the transaction: end it as usual where it writes many
    rows, or the check of each is planned anew when it is committed.
    """
    _send("SET LOCAL plan_cache_mode = force_custom_plan")


def plan_by_keys():
    """`plan_by_values` for a set of rows that are found by their keys, statement after statement.

    The rows are in memory by the second statement. As if each had to come from a disk, PostgreSQL
    would read the whole table instead, as long as it has less than about 200,000 rows. This holds
    to the end of the transaction, also for the checks of the foreign keys, which go by keys too.
    """
    _send(
        "SELECT set_config('plan_cache_mode', 'force_custom_plan', true), "
        "set_config('random_page_cost', '1.1', true)"
    )


def plan_as_usual():
    """From here on PostgreSQL keeps its plans again."""
    _send("SET LOCAL plan_cache_mode = DEFAULT")


def _send(statement):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(statement)
