"""The book of events in months: the names and bounds of its partitions, and how far they reach.

On PostgreSQL an operator may divide the table by `at` (`manage.py partition_events`). A moment
outside all months goes into the partition of the rest, so that nothing ever fails to be written.
"""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from apps.common.moments import day_of, start_of
from apps.events.append_only import partitions_of
from apps.events.guarded import EVENTS

BOOK = EVENTS.table
REST = f"{BOOK}_rest"


@dataclass(frozen=True)
class Month:
    """The events from `begins_at` up to `ends_at`, which is the beginning of the next month."""

    first: date

    @property
    def table(self):
        return f"{BOOK}_{self.first.year}_{self.first.month:02}"

    @property
    def next(self):
        return Month(date(self.first.year + self.first.month // 12, self.first.month % 12 + 1, 1))

    @property
    def begins_at(self):
        return start_of(self.first).isoformat()

    @property
    def ends_at(self):
        return self.next.begins_at


@dataclass(frozen=True)
class Reach:
    """How many months lie ready after the one of a moment, and how many events are in the rest."""

    ahead: int
    rest: int


def before_months(table):
    """What `table` is called after it was divided, until it is deleted."""
    return f"{table}_before_months"


def month_of(at):
    return Month(day_of(at).replace(day=1))


def months(first, last):
    """The `Month`s from `first` up to and with `last`."""
    found = []
    while first.first <= last.first:
        found.append(first)
        first = first.next
    return found


def later(month, count):
    """The `Month` that comes `count` months after `month`."""
    for _ in range(count):
        month = month.next
    return month


def is_partitioned(cursor):
    cursor.execute("SELECT relkind = 'p' FROM pg_class WHERE oid = %s::regclass", [BOOK])
    return cursor.fetchone()[0]


def reach(at):
    """The `Reach` of the book at the moment `at`; None where it is one piece."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        if not is_partitioned(cursor):
            return None
        there = set(partitions_of(cursor, BOOK))
        cursor.execute(f"SELECT COUNT(*) FROM {REST}")  # noqa: S608
        rest = cursor.fetchone()[0]
    month, ahead = month_of(at).next, 0
    while month.table in there:
        month, ahead = month.next, ahead + 1
    return Reach(ahead, rest)
