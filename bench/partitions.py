"""The book of events in months beside the same book in one piece; PostgreSQL only.

    .venv/bin/python -m bench.partitions [EVENTS]

Writes EVENTS over two years, divides them as `manage.py partition_events` does, and asks both: the
table as it was (the floor), which stays until it is deleted, and the months.
"""

import random
import statistics
import sys
import time

from django.db import connection, transaction
from django.utils import timezone

from apps.events import partitioning
from apps.events.append_only import partitions_of
from apps.events.partitions import BOOK
from bench import table
from bench.schema import make_tables

EVENTS = 200_000
PEOPLE = 14  # events of one person
AHEAD = 12
INSERTED = 1000
ASKED = 200
_COLUMNS = (
    "subject_kind, subject_id, reference, holder_id, action, from_status, to_status, at, role, "
    "channel, reason, facts"
)
QUERIES = {
    "person": "SELECT * FROM {table} WHERE holder_id = %s ORDER BY id DESC LIMIT 50",
    "request": "SELECT * FROM {table} WHERE subject_kind = 'request' AND subject_id = %s "
    "ORDER BY id",
    "number": "SELECT * FROM {table} WHERE id = %s",
    "audit": "SELECT * FROM {table} WHERE at >= now() - %s * INTERVAL '1 second' "
    "AND at < now() - %s * INTERVAL '1 second' + INTERVAL '1 day' "
    "ORDER BY at DESC, id DESC LIMIT 50",
}


def main(events=EVENTS):
    if connection.vendor != "postgresql":
        print("bench.partitions: only PostgreSQL divides tables")
        return
    make_tables()
    fill(events)
    measure()


def fill(events):
    people = max(events // PEOPLE, 1)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {BOOK} ({_COLUMNS}) "  # noqa: S608
            f"SELECT 'request', i %% {people}, '', i %% {people}, "
            "'ACCEPT', 'PAID', 'ACCEPTED', now() - (%s - i) * (INTERVAL '730 days' / %s), "
            "'WORKER', 'WORKER', '', CAST('{}' AS JSONB) FROM generate_series(1, %s) AS s(i)",
            [events, events, events],
        )
        cursor.execute(f"ANALYZE {BOOK}")


def measure():
    """Divide what is there, and ask both tables."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*), MAX(id), MAX(holder_id) FROM {BOOK}")  # noqa: S608
        count, top, people = cursor.fetchone()
    began = time.perf_counter()
    partitioning.divide(at=timezone.now(), ahead=AHEAD, say=lambda text: None)
    spent = time.perf_counter() - began
    with connection.cursor() as cursor:
        parts = partitions_of(cursor, BOOK)
        cursor.execute(f"ANALYZE {BOOK}")
        cursor.execute(
            "SELECT SUM(pg_total_relation_size(p::regclass)) FROM unnest(%s::text[]) p", [parts]
        )
        sizes = cursor.fetchone()[0]
        cursor.execute("SELECT pg_total_relation_size(%s)", [partitioning.BEFORE])
        before = cursor.fetchone()[0]
    print(
        f"{count:,} events in {len(parts)} parts: divided in {spent:.0f} s; "
        f"{before / 2**20:,.0f} MB before, {sizes / 2**20:,.0f} MB after"
    )
    dice = random.Random(7)  # noqa: S311
    of = {"person": people, "request": people, "number": top, "audit": 600 * 86400}
    for name, query in QUERIES.items():
        numbers = [dice.randrange(1, of[name]) for _ in range(ASKED)]
        both = {
            where: asking(query.format(table=where), numbers)
            for where in (BOOK, partitioning.BEFORE)
        }
        table.compare(
            f"partitions_{name}",
            ours=both[BOOK],
            floor=both[partitioning.BEFORE],
            size=ASKED,
            unit="queries a second",
        )
    table.compare(
        "partitions_insert",
        ours=lambda: insert(BOOK),
        floor=lambda: insert(partitioning.BEFORE),
        size=INSERTED,
        unit="events a second",
    )


def asking(query, numbers):
    def ask():
        spent = []
        with connection.cursor() as cursor:
            for number in numbers:
                began = time.perf_counter()
                cursor.execute(query, [number] * query.count("%s"))
                cursor.fetchall()
                spent.append(time.perf_counter() - began)
        return statistics.median(spent)

    return ask


def insert(where):
    """One row at a time, as moves do; nothing stays."""
    with transaction.atomic(), connection.cursor() as cursor:
        for number in range(INSERTED):
            cursor.execute(
                f"INSERT INTO {where} ({_COLUMNS}) VALUES ('request', %s, '', %s, 'ACCEPT', "  # noqa: S608
                "'PAID', 'ACCEPTED', now(), 'WORKER', 'WORKER', '', '{}')",
                [number, number],
            )
        transaction.set_rollback(True)


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
