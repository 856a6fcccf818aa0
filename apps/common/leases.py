"""A worker's lease: one row is worked on by one worker for a while.

The lease is a moment in a column of the row. Until that moment other workers leave the row alone,
so a worker that dies blocks a row for no longer than that. The column is `leased_until`, which is
empty while nobody has the row; a queue uses the moment of the next try (`next_try_at`) instead.
`take` is a compare-and-swap on the value that was read, and works on every database.
"""

from django.db.models import Q


def free(at, column="leased_until"):
    """The condition for rows that nobody has leased at the moment `at`."""
    return Q(**{f"{column}__isnull": True}) | Q(**{f"{column}__lte": at})


def take(row, column="leased_until", *, until, among=None, **changes):
    """Lease `row`, which was read as free, until the moment `until`. Returns whether it was.

    If several workers read the same row, one of them gets it. The same call renews a lease that
    one has. `among` is a queryset that must still contain the row. `changes` are further columns
    to write in the same statement; the row in memory does not get them.
    """
    if not held(row, column, among=among).update(**{column: until}, **changes):
        return False
    setattr(row, column, until)
    return True


def held(row, column="leased_until", *, among=None):
    """The row as a queryset, empty once another worker has leased it.

    Write the result of the work with it: a worker that has lost its lease then writes nothing.
    """
    rows = type(row)._default_manager.all() if among is None else among
    return rows.filter(pk=row.pk, **{column: getattr(row, column)})


def release(row, column="leased_until"):
    """Give the lease of `row` back, unless another worker has taken it meanwhile."""
    if held(row, column).update(**{column: None}):
        setattr(row, column, None)


def growing_pause(tries, *, first, longest):
    """How long to wait after the failed try number `tries` (from 1): doubles from `first` on."""
    # The limit keeps the result small enough for a timedelta.
    return min(first * 2 ** min(tries - 1, 20), longest)
