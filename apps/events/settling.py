"""Up to which event the book is complete, for those who read it as a queue.

Numbers of events are given before they are committed, so an event may appear below one that was
seen already. A reader therefore keeps a `Mark` and looks again at what is behind it, until every
transaction that could add something there is over.
"""

from typing import NamedTuple

from django.db import connection

from apps.events.models import Event


class Book(NamedTuple):
    """The book at one moment: its last event, and which transactions can still add some before it.

    Those from `oldest_open` to before `next_transaction` can. `last_event_id` is 0 as long as
    somebody is about to add an event and PostgreSQL has not numbered the transaction. On SQLite
    only one can write, so the numbers of transactions are 0.
    """

    last_event_id: int
    oldest_open: int
    next_transaction: int


class Mark(NamedTuple):
    """How far a reader has come: everything up to `settled` is read and nothing can be added to it.

    `waiting` is the event that will be settled once all transactions before `until` are over.
    """

    settled: int = 0
    waiting: int = 0
    until: int = 0


def read_book():
    """The `Book` as it is now. Call it before reading the events that are behind the mark."""
    # In this order: whoever has taken a number by the first reading is seen by one of the others.
    last = _value(f"SELECT COALESCE(MAX(id), 0) FROM {Event._meta.db_table}")  # noqa: S608
    if connection.vendor != "postgresql":
        return Book(last, 0, 0)
    if _value(_UNNUMBERED):
        last = 0
    return Book(last, *_row(_TRANSACTIONS))


def settled_event(mark, book):
    """The event up to which nothing can be added. What is there may not be read yet."""
    known = [mark.settled]
    if _is_over(mark, book):
        known.append(mark.waiting)
    if book.oldest_open >= book.next_transaction:  # nobody else is writing
        known.append(book.last_event_id)
    return max(known)


def moved(mark, book, *, settled):
    """The `Mark` of who has read everything up to `settled`, which is no more than settled."""
    if _is_over(mark, book) and mark.waiting < book.last_event_id:
        return Mark(settled, book.last_event_id, book.next_transaction)
    return mark._replace(settled=settled)


def _is_over(mark, book):
    """Whether the transactions of the mark are over. Those of another server are: a restore."""
    return mark.until <= book.oldest_open or mark.until > book.next_transaction


# Whoever adds an event holds this lock from before the number is taken to the end.
_UNNUMBERED = f"""SELECT EXISTS (
    SELECT FROM pg_locks AS writer
    WHERE writer.relation = '{Event._meta.db_table}'::regclass
        AND writer.database = (SELECT oid FROM pg_database WHERE datname = CURRENT_DATABASE())
        AND writer.mode = 'RowExclusiveLock' AND writer.granted
        AND NOT EXISTS (
            SELECT FROM pg_locks AS own WHERE own.locktype = 'transactionid'
                AND own.virtualtransaction = writer.virtualtransaction
                AND own.mode = 'ExclusiveLock'))"""  # noqa: S608
# A number of our own is above all that were given. The end of a snapshot is not: it is one past the
# last transaction that is over, so one that still runs can be at it.
_TRANSACTIONS = """SELECT
    CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT),
    CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT)"""


def _value(sql):
    (value,) = _row(sql)
    return value


def _row(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()
