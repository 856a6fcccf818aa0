"""Several prepared queries sent as one statement, where a page is known to need all of them.

Sending a statement costs more than most of them: the way to the database and back, a cursor, and
the database waking up. So a page says what it will read:

    with read_together(HISTORY.asks(card_request=7), WAITING.asks_count(account=3)):
        ...

Inside, the first `read` or `count` of such a query with such values returns what was found, and
sends nothing. With other values, or a second time, it asks the database as ever.
"""

import re
from collections import Counter
from contextlib import contextmanager
from functools import cache
from operator import itemgetter
from threading import local
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections


class Asked(NamedTuple):
    """The rows of `query`, a prepared query, for `values`; with `is_count` how many there are."""

    query: Any
    values: dict
    is_count: bool = False

    def read(self):
        """The rows, here and now."""
        return self.query.read(**self.values)

    @property
    def key(self):
        """By this it is found again: two that are the same have the same."""
        values = tuple(
            (name, tuple(value) if isinstance(value, list) else value)
            for name, value in self.values.items()
        )
        return self.query, values, self.is_count


class _FoundHere(local):
    """By the key of what was asked: its rows, as often as they were asked for."""

    def __init__(self):
        self.found: dict[tuple, list[list]] = {}


_HERE = _FoundHere()


@contextmanager
def read_together(*asked):
    """Read all of `asked`, of `PreparedQuery.asks` and `asks_count`, with one statement.

    None among them is left out. What is asked for twice is sent once, and can be read twice.
    """
    times = Counter(one.key for one in asked if one is not None)
    found = _read(list({one.key: one for one in asked if one is not None}.values()))
    _HERE.found.update({key: [rows] * times[key] for key, rows in found.items()})
    try:
        yield
    finally:
        for key in found:
            _HERE.found.pop(key, None)


def taken(query, values, *, is_count=False):
    """The rows that were read together with others, as often as they were asked for; else None."""
    if not _HERE.found:
        return None
    waiting = _HERE.found.get(Asked(query, values, is_count).key)
    return waiting.pop() if waiting else None


def _read(asked):
    written = [(one, one.query.written(one.values)) for one in asked]
    # What finds no row, whatever the database holds, is not sent.
    sent = [(one, own) for one, own in written if own is not None]
    if len(sent) < 2:
        return {}
    statement, own_columns = _joined(tuple(_part(one, own) for one, own in sent))
    params = {
        f"p{number}_{name}": value
        for number, (one, own) in enumerate(sent)
        for name, value in own.compiler.bound(one.values).items()
    }
    found: list[list] = [[] for _ in sent]
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(statement, params)
        for row in cursor.fetchall():
            number = row[0]
            found[number].append(own_columns[number](row))
    return {one.key: rows for (one, _), rows in zip(sent, found, strict=True)}


def _part(one, own):
    """(SQL, the types of its columns) of what is `one` of several."""
    if one.is_count:
        return own.compiler.counting, ("bigint",)
    return own.compiler.sql, own.compiler.column_types


@cache
def _joined(parts):
    """(the statement, for each of `parts` a function from a row to the columns of that part).

    The first column is the number of the part. Parts share the others, each one those of its types.
    """
    columns: list[str] = []
    places = []
    for _, types in parts:
        places.append(_places(types, columns))
    # It has no row and says the types: PostgreSQL would take NULL for a text.
    head = ", ".join(["-1", *(f"CAST(NULL AS {one})" for one in columns)])
    heads, members = [], [f"SELECT {head} WHERE 1 = 0"]
    for number, ((sql, types), own) in enumerate(zip(parts, places, strict=True)):
        names = [f"c{place}" for place in range(len(types))]
        heads.append(f"p{number} ({', '.join(names)}) AS ({_of_part(number, sql)})")
        named = dict(zip(own, names, strict=True))
        shown = [str(number), *(named.get(place, "NULL") for place in range(1, 1 + len(columns)))]
        members.append(f"SELECT {', '.join(shown)} FROM p{number}")  # noqa: S608 - our own SQL
    return (
        f"WITH {', '.join(heads)} {' UNION ALL '.join(members)}",
        tuple(_taking(own) for own in places),
    )


_NAMED = re.compile("%%|%[(]")


def _of_part(number, sql):
    """`sql` with names of its own for its parameters."""
    return _NAMED.sub(lambda place: place[0] if place[0] == "%%" else f"%(p{number}_", sql)


def _places(types, columns):
    """Where columns of `types` stand among `columns`, types too. Missing ones are added there."""
    left = list(enumerate(columns, 1))
    places = []
    for one in types:
        place = next((place for place, each in left if each == one), None)
        if place is None:
            columns.append(one)
            place = len(columns)
        else:
            left.remove((place, one))
        places.append(place)
    return places


def _taking(places):
    """A function from a row to the tuple of what stands at `places`."""
    return itemgetter(*places) if len(places) > 1 else lambda row: (row[places[0]],)
