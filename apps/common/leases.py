"""A worker's lease: one row is worked on by one worker for a while.

The lease is a moment in a column of the row. Until that moment other workers leave the row alone,
so a worker that dies blocks a row for no longer than that. The column is `leased_until`, which is
empty while nobody has the row; a queue uses the moment of the next try (`next_try_at`) instead.
`take` is a compare-and-swap on the value that was read, and works on every database.

No lease and no pause is believed that is longer than it can be: it was written before the clock was
set back, and would hide the row until the clock is there again.
"""

from datetime import timedelta

from django.db.models import Q

# By how much the clocks of two servers may differ; a bigger step is a clock that was set back.
CLOCKS_DIFFER_BY = timedelta(minutes=1)


def free(at, column="leased_until", *, length):
    """The condition for rows that nobody has leased at the moment `at`, for up to `length`."""
    return Q(**{f"{column}__isnull": True}) | due(at, column, pauses=(length,))


def due(at, column="next_try_at", *, pauses, tries="tries"):
    """The condition for rows of a queue whose time has come at the moment `at`.

    `pauses` are the longest that a row with so many `tries` can have to wait; the last one is that
    of all further tries.
    """
    found = Q(**{f"{column}__lte": at})
    for number, pause in enumerate(pauses):
        is_last = number + 1 == len(pauses)
        of_these = Q(**{f"{tries}__gte" if is_last else tries: number}) if number else Q()
        if not number and not is_last:
            of_these = Q(**{tries: 0})
        found |= of_these & Q(**{f"{column}__gt": at + pause + CLOCKS_DIFFER_BY})
    return found


def is_live(until, at, *, length):
    """Whether what was taken for `length` and lasts until the moment `until` is live at `at`."""
    return at < until <= at + length + CLOCKS_DIFFER_BY


def is_within(pause, since, at):
    """Whether less than `pause` has passed from `since` to `at`; not after None, nor on a clock
    that was set back.
    """
    return since is not None and -CLOCKS_DIFFER_BY <= at - since < pause


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
