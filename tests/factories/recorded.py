"""Factories that reach a state by the real moves once in each process, and then repeat the rows.

The statements that the moves sent are recorded and sent again when the same state is asked for:
a tenth of the work. Nothing is kept on disk, so a recording is never older than the code.

The rows of a recording have primary keys that no other recording uses, beginning at the number of
its block. A test gets each recording once, and the blocks in rising order, so that its rows are
unique and later ones have higher keys, as if each had been made anew. What a recording depends on
besides its arguments is part of its key: cities, banks and their rules. A test that changes
settings or patches code, and any other database than SQLite, always gets the real moves. Calls to
gateways may be patched, because none is made while a factory is recorded.
"""

import pickle
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from functools import cache, wraps
from itertools import count
from unittest import mock

from django.apps import apps
from django.core.signals import setting_changed
from django.db import connection
from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX

from apps.gateways import wire

BLOCK = 10_000  # keys of one recording, and of the rows that a test makes after it
PLAIN = (str, int, bool, type(None), date, timedelta, Enum)
MOST_PLACES = 20  # rows of one table; more are not compared

_blocks = count(1)
_recordings = defaultdict(list)  # by key, in the order of their blocks
_asked = set()


@dataclass(frozen=True)
class Recording:
    block: int
    statements: list  # (SQL, values)
    keys: dict  # table → last key, afterwards
    result: bytes


@dataclass
class Conditions:
    """Whether code and settings are as they are outside tests, and no recording is under way."""

    is_patched: bool = False
    is_recording: bool = False
    settings_changed: int = 0


now = Conditions()


def _count_changes(enter, **kwargs):
    now.settings_changed += 1 if enter else -1


setting_changed.connect(_count_changes)


def recorded(factory):
    """Let `factory` repeat the rows of an earlier call with the same plain arguments.

    It must not look at rows that its caller did not name, such as a count or all that wait.
    """

    @wraps(factory)
    def make(*args, **options):
        key = _key(factory, args, options)
        if key is None:
            return factory(*args, **options)
        last_block = _last_block()
        for recording in _recordings[key]:
            if recording.block > last_block:
                return _repeat(recording)
        if _is_likely_asked_again(key, args, options):
            return _record(key, lambda: factory(*args, **options))
        return factory(*args, **options)

    return make


def _key(factory, args, options):
    """What the rows depend on; None when they must be made by the moves."""
    is_possible = (
        connection.vendor == "sqlite"
        and connection.in_atomic_block
        and not connection.execute_wrappers  # somebody watches or counts the queries
        and not connection.force_debug_cursor
        and not (now.is_patched or now.is_recording or now.settings_changed)
        and all(map(_is_plain, (*args, *options.values())))
    )
    places = _places() if is_possible else None
    arguments = (args, tuple(sorted(options.items())))
    # As text too: a moment of Beijing equals one of UTC, and rows keep the one they were given.
    return places and (factory, *arguments, repr(arguments), places)


def _is_plain(value):
    return all(map(_is_plain, value)) if isinstance(value, tuple) else isinstance(value, PLAIN)


def _is_likely_asked_again(key, args, options):
    """Moments are often those of the running test: such a call is recorded when it comes again."""
    if not any(isinstance(value, date) for value in (*args, *options.values())):
        return True
    known = key in _asked
    _asked.add(key)
    return known


def _places():
    """All rows of the app `regions`, table by table; None when there are many."""
    rows = []
    for table in _tables_of_places():
        found = _send(f'SELECT * FROM "{table}" LIMIT {MOST_PLACES + 1}')  # noqa: S608
        if len(found) > MOST_PLACES:
            return None
        rows.append(tuple(found))
    return tuple(rows)


@cache
def _tables_of_places():
    return [model._meta.db_table for model in apps.get_app_config("regions").get_models()]


@cache
def _tables():
    """All tables whose keys are counted and are not part of the key of a recording."""
    models = apps.get_models(include_auto_created=True)
    tables = {model._meta.db_table for model in models} - set(_tables_of_places())
    return sorted(tables)


def _last_block():
    keys = _last_keys()
    return max(keys.values(), default=0) // BLOCK


def _last_keys():
    names = _tables()
    return {
        name: key for name, key in _send("SELECT name, seq FROM sqlite_sequence") if name in names
    }


def _record(key, make):
    block = next(_blocks)
    _begin_at(block * BLOCK, _tables())
    before, statements = _last_keys(), []

    def note(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            each = params if many else [params]
            sql = FORMAT_QMARK_REGEX.sub("?", sql).replace("%%", "%")
            statements.extend((sql, tuple(values or ())) for values in each)
        return result

    now.is_recording = True
    try:
        # A call to a gateway would be missing where the rows are repeated.
        with (
            connection.execute_wrapper(note),
            mock.patch.multiple(wire, post_form=_refuse_call, get_file=_refuse_call),
        ):
            result = make()
    finally:
        now.is_recording = False
    keys = {table: last for table, last in _last_keys().items() if last != before[table]}
    _recordings[key].append(Recording(block, statements, keys, pickle.dumps(result)))
    return result


def _refuse_call(url, *args):
    raise AssertionError(f"a recorded factory calls {url}")


def _repeat(recording):
    _begin_at(recording.block * BLOCK, recording.keys)
    for sql, values in recording.statements:
        _send(sql, values)
    made = {table: key for table, key in _last_keys().items() if table in recording.keys}
    assert made == recording.keys, "the rows are not those of the recording"
    return pickle.loads(recording.result)  # noqa: S301


def _begin_at(first, tables):
    names = ", ".join(f"'{table}'" for table in tables)
    _send(f"DELETE FROM sqlite_sequence WHERE name IN ({names})")  # noqa: S608
    rows = ", ".join(f"('{table}', {first})" for table in tables)
    if rows:
        _send(f"INSERT INTO sqlite_sequence (name, seq) VALUES {rows}")  # noqa: S608


def _send(sql, values=()):
    """Django would spend more time on such a statement than SQLite."""
    return connection.connection.execute(sql, values).fetchall()
