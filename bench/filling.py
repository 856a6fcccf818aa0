"""Fills the tables of a benchmark with `bench.lives`, one statement a table, two at a time."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection
from django.db.models import Max

from apps.bureau.models import ProductionBatch, ProductionOrder
from apps.cards.models import Card, CardRequest
from apps.desk import roles
from apps.encryption.fields import blind_index
from apps.people.models import Holder, User
from apps.regions.models import Bank, CityRule
from bench import lives
from bench.lives import IS_POSTGRESQL, one_of

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
CITIES, BANKS = 16, 4
_PEOPLE = "WITH RECURSIVE n (i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last})"
# Name and statement of each index that no constraint needs.
_INDEXES = (
    """
    SELECT shown.indexname, shown.indexdef FROM pg_indexes shown
    JOIN pg_class index ON index.relname = shown.indexname
    WHERE shown.schemaname = 'public' AND shown.tablename = %s
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = index.oid)
    """
    if IS_POSTGRESQL
    else "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql > '' AND tbl_name = %s"
)
# Checking each foreign key would take longer than all the rest.
_UNCHECKED = (
    [
        "SET session_replication_role = replica",
        "SET synchronous_commit = off",
        "SET work_mem = '256MB'",
        "SET maintenance_work_mem = '512MB'",
        "SET max_parallel_maintenance_workers = 0",
    ]
    if IS_POSTGRESQL
    else ["PRAGMA foreign_keys = OFF", "PRAGMA synchronous = OFF"]
)
_CHECKED = "RESET ALL" if IS_POSTGRESQL else "PRAGMA foreign_keys = ON"


def fill(count, *, until=AT):
    """`count` people with a request each and what came of it, up to the moment `until`.

    Their keys follow those of the people, requests, cards and orders that are there.
    """
    call_command("load_regions", verbosity=0)
    rules, banks = places()
    models = (User, Holder, CardRequest, Card, ProductionOrder)
    first = 1 + max(_last_key(model) for model in models)
    batch = ProductionBatch.objects.create(
        created_at=AT, next_try_at=AT, status="SUBMITTED", status_since=AT
    )
    since = until - timedelta(days=lives.DAYS)
    chosen = {
        "since": since.isoformat(" ", "seconds"),
        "first": first,
        "last": first + count - 1,
        "count": count,
        "batch": batch.pk,
        "city": one_of(rules, f"i / 3 % {CITIES}"),
        "rule": f"CAST({one_of(rules.values(), f'i / 3 % {CITIES}')} AS BIGINT)",
        "bank": one_of(banks, f"i / {3 * CITIES} % {BANKS}"),
    }
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_tail (number INTEGER PRIMARY KEY, tail TEXT)")
        cursor.executemany(
            "INSERT INTO bench_tail VALUES (%s, %s)",
            [(number, blind_index(f"{number:04d}")) for number in range(10_000)],
        )
        _write_side_by_side(chosen)
        cursor.execute("DROP TABLE bench_tail")
        # The keys that were written are not given once more.
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)
        cursor.execute("ANALYZE")


def _write_side_by_side(chosen):
    """The events and messages in one connection, the other tables in another."""
    work = [lives.EVENTS, lives.ROWS]
    if not IS_POSTGRESQL:
        for rows in work:
            _write(rows, chosen)
        return
    with ThreadPoolExecutor(len(work)) as threads:
        for writing in [threads.submit(_write_and_let_go, rows, chosen) for rows in work]:
            writing.result()


def _write_and_let_go(rows, chosen):
    try:
        _write(rows, chosen)
    finally:
        connection.close()


def _write(rows, chosen):
    with connection.cursor() as cursor:
        for statement in _UNCHECKED:
            cursor.execute(statement)
        for table, columns, source in rows:
            columns = columns | _defaults(table, columns)
            with _indexes_made_last(cursor, table):
                found = f"{_PEOPLE} SELECT {', '.join(columns.values())} FROM {source}"  # noqa: S608
                cursor.execute(
                    f"INSERT INTO {table} ({', '.join(columns)}) {found.format(**chosen)}"  # noqa: S608
                )
        cursor.execute(_CHECKED)


@contextmanager
def _indexes_made_last(cursor, table):
    """Without the indexes of `table` meanwhile: made at once, each is sorted instead of searched.

    Those that belong to a constraint stay.
    """
    cursor.execute(_INDEXES, [table])
    indexes = dict(cursor.fetchall())
    for name in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    yield
    for statement in indexes.values():
        cursor.execute(statement)


def make_reviewer():
    user = User.objects.create(employee_number="REVIEWER", id=10_000_000, is_staff=True)
    user.groups.add(Group.objects.get(name=roles.REVIEWER))
    return user


def places():
    """({city: its rule} for sixteen cities, four banks), of those that the portal knows."""
    rules = CityRule.objects.filter(city__province="370000").order_by("city_id", "valid_from")
    cities = list({rule.city_id: rule.pk for rule in rules}.items())[:CITIES]
    return dict(cities), list(Bank.objects.order_by("pk").values_list("pk", flat=True)[:BANKS])


def _defaults(table, columns):
    """{column: SQL of its default} for the columns of `table` that must be there and are not named.

    So a new column does not stop the benchmarks.
    """
    (model,) = (model for model in apps.get_models() if model._meta.db_table == table)
    return {
        field.column: _literal(field.get_default())
        for field in model._meta.concrete_fields
        if not (field.null or field.primary_key or field.generated or field.has_db_default())
        and field.column not in columns
    }


def _literal(value):
    """The SQL of `value`, for `str.format`."""
    if isinstance(value, bool | int):
        return str(value).upper()
    text = value if isinstance(value, str) else json.dumps(value)
    return "'{}'".format(text.replace("'", "''").replace("{", "{{").replace("}", "}}"))


def _last_key(model):
    return model._default_manager.aggregate(last=Max("pk"))["last"] or 0
