"""Divides the book of events into months while the portal works, and makes months ahead.

Only the owner of the table can. What is copied first never changes, because the book is
append-only; the table is locked for what was added meanwhile, a few seconds at the end. A run that
was interrupted goes on with the month at which it stopped.

A key of a divided table contains the column that divides it, so the key becomes (id, at), and what
refers to an event by its number is checked by a trigger in the place of the foreign key.
"""

import re

from django.db import connection, transaction

from apps.events import append_only
from apps.events.append_only import partitions_of
from apps.events.catalogue import columns_of, foreign_keys_of, indexes_of, rights_on
from apps.events.guarded import EVENTS
from apps.events.partitions import (
    BOOK,
    REST,
    before_months,
    later,
    month_of,
    months,
)

BEFORE = before_months(BOOK)
_NEW = f"{BOOK}_by_month"
_LOCK_TIMEOUT = "SET LOCAL lock_timeout = '10s'"
# A table whose keys wait to be checked cannot be altered.
_CHECK_NOW = "SET CONSTRAINTS ALL IMMEDIATE"
# A clock that was wrong once does not make thousands of partitions: the rest takes such events.
MOST_MONTHS = 240


def divide(*, at, ahead, say):
    """Turn the book into months, `ahead` of them after the one of `at`.

    `say` is told each step in Chinese. The old table stays as `BEFORE`, read by nobody.
    """
    with connection.cursor() as cursor:
        top = _begun(cursor)
        wanted = _wanted(cursor, top, at=at, ahead=ahead)
        there = set(partitions_of(cursor, _NEW))
        for month in wanted:
            if month.table not in there:
                copied = _copy(cursor, month, top)
                if copied:
                    say(f"{month.table}：{copied} 条")
        if REST not in there:
            _copy_rest(cursor, wanted, top)
        cursor.execute(f"ANALYZE {_NEW}")
        _compare(cursor, top)
        added = _swap(cursor, top)
    say(f"分好了 {len(wanted)} 个月，最后补上 {added} 条。")


def extend(*, at, ahead):
    """Make the months that are missing, and move what is in the rest into them: their names."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK_TIMEOUT)
        there = set(partitions_of(cursor, BOOK))
        cursor.execute(f"SELECT DISTINCT at FROM {REST} ORDER BY at LIMIT 100000")  # noqa: S608
        late = {month_of(moment) for (moment,) in cursor.fetchall()}
        wanted = {*late, *months(month_of(at), later(month_of(at), ahead))}
        missing = sorted(
            (month for month in wanted if month.table not in there), key=lambda month: month.first
        )[:MOST_MONTHS]
        rest = f"{REST}_before"
        if missing:
            cursor.execute(f"ALTER TABLE {BOOK} DETACH PARTITION {REST}")
            cursor.execute(f"ALTER TABLE {REST} RENAME TO {rest}")
            for month in missing:
                _create(cursor, month.table)
                _attach(cursor, BOOK, month)
            _create(cursor, REST)
            cursor.execute(f"ALTER TABLE {BOOK} ATTACH PARTITION {REST} DEFAULT")
            columns = columns_of(cursor, BOOK)
            cursor.execute(
                f"INSERT INTO {BOOK} ({columns}) "  # noqa: S608
                f"SELECT {columns} FROM {rest} ORDER BY id"
            )
            cursor.execute(_CHECK_NOW)
            cursor.execute(f"DROP TABLE {rest}")
            _guard(cursor)
    return [month.table for month in missing]


def drop_old():
    """Delete the table that the book was before. The owner calls it when the book is checked."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {BEFORE}")


# --- The steps


def _begun(cursor):
    """The number of the last event that is copied at leisure; the new table exists afterwards."""
    cursor.execute("SELECT obj_description(to_regclass(%s))", [_NEW])
    if found := cursor.fetchone()[0]:
        return int(found)
    with transaction.atomic():
        cursor.execute(_LOCK_TIMEOUT)
        # Nobody has taken a number and not written it yet.
        cursor.execute(f"LOCK TABLE {BOOK} IN SHARE MODE")
        cursor.execute(f"SELECT COALESCE(MAX(id), 0) FROM {BOOK}")  # noqa: S608
        top = cursor.fetchone()[0]
    with transaction.atomic():
        cursor.execute(
            f"CREATE TABLE {_NEW} (LIKE {BOOK} INCLUDING DEFAULTS INCLUDING CONSTRAINTS "
            "INCLUDING IDENTITY) PARTITION BY RANGE (at)"
        )
        cursor.execute(f"ALTER TABLE {_NEW} ADD CONSTRAINT {_NEW}_pkey PRIMARY KEY (id, at)")
        for name, definition in indexes_of(cursor, BOOK):
            cursor.execute(
                re.sub(
                    r"^CREATE INDEX \S+ ON \S+ ",
                    f"CREATE INDEX {name}_month ON {_NEW} ",
                    definition,
                )
            )
        for name, definition in foreign_keys_of(cursor, BOOK, "conrelid"):
            cursor.execute(f"ALTER TABLE {_NEW} ADD CONSTRAINT {name[1]} {definition}")
        cursor.execute(f"COMMENT ON TABLE {_NEW} IS '{int(top)}'")
    return top


def _wanted(cursor, top, *, at, ahead):
    cursor.execute(f"SELECT MIN(at) FROM {BOOK} WHERE id <= %s", [top])  # noqa: S608
    first = cursor.fetchone()[0] or at
    return months(month_of(min(first, at)), later(month_of(at), ahead))[-MOST_MONTHS:]


def _copy(cursor, month, top):
    with transaction.atomic():
        _create(cursor, month.table, like=_NEW)
        copied = _insert(
            cursor,
            month.table,
            "id <= %s AND at >= %s AND at < %s",
            [top, month.begins_at, month.ends_at],
        )
        _attach(cursor, _NEW, month)
    return copied


def _copy_rest(cursor, wanted, top):
    with transaction.atomic():
        _create(cursor, REST, like=_NEW)
        _insert(
            cursor,
            REST,
            "id <= %s AND (at < %s OR at >= %s)",
            [top, wanted[0].begins_at, wanted[-1].ends_at],
        )
        cursor.execute(f"ALTER TABLE {_NEW} ATTACH PARTITION {REST} DEFAULT")


def _create(cursor, table, like=BOOK):
    cursor.execute(f"CREATE TABLE {table} (LIKE {like} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")


def _insert(cursor, table, condition, parameters):
    columns = columns_of(cursor, BOOK)
    cursor.execute(
        f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {BOOK} "  # noqa: S608
        f"WHERE {condition} ORDER BY id",
        parameters,
    )
    return cursor.rowcount


def _attach(cursor, parent, month):
    """Attach the filled table of `month`; with the condition of its month no row is read again."""
    bounds = f"at >= '{month.begins_at}' AND at < '{month.ends_at}'"
    cursor.execute(f"ALTER TABLE {month.table} ADD CONSTRAINT its_month CHECK ({bounds})")
    cursor.execute(
        f"ALTER TABLE {parent} ATTACH PARTITION {month.table} "
        f"FOR VALUES FROM ('{month.begins_at}') TO ('{month.ends_at}')"
    )
    cursor.execute(f"ALTER TABLE {month.table} DROP CONSTRAINT its_month")


def _compare(cursor, top):
    found = []
    for table in (BOOK, _NEW):
        cursor.execute(f"SELECT COUNT(*), SUM(id) FROM {table} WHERE id <= %s", [top])  # noqa: S608
        found.append(cursor.fetchone())
    if found[0] != found[1]:
        raise RuntimeError(f"{BOOK} has {found[0]}, its months have {found[1]}")


def _swap(cursor, top):
    """The months take the place of the table, in one transaction: how many events were added."""
    with transaction.atomic():
        cursor.execute(_LOCK_TIMEOUT)
        cursor.execute(f"LOCK TABLE {BOOK} IN ACCESS EXCLUSIVE MODE")
        added = _insert(cursor, _NEW, "id > %s", [top])
        cursor.execute(_CHECK_NOW)
        referring = foreign_keys_of(cursor, BOOK, "confrelid")
        for (table, name), _ in referring:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        indexes = [name for name, _ in indexes_of(cursor, BOOK)]
        append_only.unprotect(connection, EVENTS)
        _number_on(cursor)
        for name in indexes:
            cursor.execute(f"ALTER INDEX {name} RENAME TO {name}_before")
            cursor.execute(f"ALTER INDEX {name}_month RENAME TO {name}")
        cursor.execute(f"ALTER INDEX {BOOK}_pkey RENAME TO {BEFORE}_pkey")
        cursor.execute(f"ALTER INDEX {_NEW}_pkey RENAME TO {BOOK}_pkey")
        cursor.execute(f"ALTER TABLE {BOOK} RENAME TO {BEFORE}")
        cursor.execute(f"ALTER TABLE {_NEW} RENAME TO {BOOK}")
        cursor.execute(f"COMMENT ON TABLE {BOOK} IS NULL")
        _must_exist(cursor, [table for (table, _), _ in referring])
        _guard(cursor, rights_of=BEFORE)
        cursor.execute(f"REVOKE ALL ON {BEFORE} FROM PUBLIC")
        for role in {role for role, _ in rights_on(cursor, BEFORE)}:
            cursor.execute(f"REVOKE ALL ON {BEFORE} FROM {role}")
    return added


def _number_on(cursor):
    """The new table goes on with the numbers of the old one."""
    cursor.execute(
        "SELECT pg_get_serial_sequence(%s, 'id'), pg_get_serial_sequence(%s, 'id')", [BOOK, _NEW]
    )
    old, new = cursor.fetchone()
    cursor.execute(f"SELECT setval('{new}', last_value, is_called) FROM {old}")  # noqa: S608
    cursor.execute(f"ALTER SEQUENCE {old} RENAME TO {BEFORE}_id_seq")
    cursor.execute(f"ALTER SEQUENCE {new} RENAME TO {BOOK}_id_seq")


def _must_exist(cursor, tables):
    """What the foreign keys of `tables` said: at the end of a transaction its event is there."""
    cursor.execute(
        f"CREATE OR REPLACE FUNCTION {BOOK}_must_exist() RETURNS trigger AS $$ BEGIN "  # noqa: S608
        f"IF NOT EXISTS (SELECT 1 FROM {BOOK} WHERE id = NEW.event_id) THEN "
        f"RAISE EXCEPTION 'no event %', NEW.event_id USING ERRCODE = 'foreign_key_violation'; "
        "END IF; RETURN NULL; END $$ LANGUAGE plpgsql"
    )
    for table in tables:
        cursor.execute(
            f"CREATE CONSTRAINT TRIGGER event_must_exist AFTER INSERT OR UPDATE OF event_id "
            f"ON {table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
            f"EXECUTE FUNCTION {BOOK}_must_exist()"
        )


def _guard(cursor, rights_of=BOOK):
    """Triggers on the book and each part of it; the rights that `rights_of` had, and no more."""
    append_only.unprotect(connection, EVENTS)
    append_only.protect(connection, EVENTS)
    rights = rights_on(cursor, rights_of)
    for table in (BOOK, *partitions_of(cursor, BOOK)):
        for role in {role for role, _ in [*rights, *rights_on(cursor, table)]}:
            cursor.execute(f"REVOKE ALL ON {table} FROM {role}")
    fields = columns_of(cursor, BOOK, without="id")
    for role, right in rights:
        # A number of an event is given by the database alone.
        right = f"INSERT ({fields})" if right.startswith("INSERT") else right
        cursor.execute(f"GRANT {right} ON {BOOK} TO {role}")
        if right == "SELECT":  # a backup reads each part
            for table in partitions_of(cursor, BOOK):
                cursor.execute(f"GRANT SELECT ON {table} TO {role}")
