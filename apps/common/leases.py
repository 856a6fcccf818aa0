"""A worker's lease: one row is worked on by one worker for a while.

The lease is a moment in a column of the row, until which the others leave the row alone. Who dies
with a lease keeps nobody waiting for longer than that. A column of its own (`leased_until`) is
empty while nobody has the row; in a queue the moment of the next try (`next_try_at`) serves as
well. `take` works by compare-and-swap on the value that was read, on every database.
"""

from django.db.models import Q


def free(at, column="leased_until"):
    """The condition for rows that nobody has leased at the moment `at`."""
    return Q(**{f"{column}__isnull": True}) | Q(**{f"{column}__lte": at})


def take(row, column="leased_until", *, until, among=None, **changes):
    """Lease `row`, which was read as free, until the moment `until`. Returns whether it was.

    Of several workers that read the same row one gets it. Whoever has the lease renews it by the
    same call. `among` is a queryset that must still hold the row; `changes` are further columns
    written in the same statement, which the row in memory does not get.
    """
    if not held(row, column, among=among).update(**{column: until}, **changes):
        return False
    setattr(row, column, until)
    return True


def held(row, column="leased_until", *, among=None):
    """The row as a queryset, empty once another worker has leased it.

    What the work comes to is written with it, so that a worker that lost its lease writes nothing.
    """
    rows = type(row)._default_manager.all() if among is None else among
    return rows.filter(pk=row.pk, **{column: getattr(row, column)})


def release(row, column="leased_until"):
    """Give the lease of `row` back, unless another worker has taken it meanwhile."""
    if held(row, column).update(**{column: None}):
        setattr(row, column, None)


def growing_pause(tries, *, first, longest):
    """How long to wait after the failed try number `tries` (from 1): doubles from `first` on."""
    # No power of two is so large that a timedelta cannot hold it.
    return min(first * 2 ** min(tries - 1, 20), longest)
