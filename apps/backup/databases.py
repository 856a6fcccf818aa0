"""The database of a backup: a moment of it held still, written out and read in.

PostgreSQL by its own pg_dump and pg_restore, which must not be older than the server. SQLite by its
online backup.
"""

import contextlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection, transaction

PIECE = 1024 * 1024  # bytes


class Failed(Exception):
    """A program of the database ended with an error, or is not there; says which."""


@contextmanager
def held_still(scratch: Path) -> Iterator["Snapshot | SqliteCopy"]:
    """One moment of the database, whatever is written meanwhile. `scratch` is a private folder."""
    if connection.vendor == "sqlite":
        copy = scratch / "database.sqlite3"
        connection.ensure_connection()
        with closing(sqlite3.connect(copy)) as target:
            connection.connection.backup(target)
        try:
            yield SqliteCopy(copy)
        finally:
            copy.unlink()
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield Snapshot(cursor, cursor.fetchone()[0])


class SqliteCopy:
    def __init__(self, path: Path):
        self.path = path

    def values(self, table: str, column: str) -> list[str]:
        """The values of a column that are not empty."""
        with closing(sqlite3.connect(self.path)) as copy:
            return [value for (value,) in copy.execute(_query(table, column))]

    def write(self, file) -> None:
        """Write the database into the binary `file`."""
        with self.path.open("rb") as copy:
            shutil.copyfileobj(copy, file, PIECE)


class Snapshot:
    def __init__(self, cursor, name: str):
        self.cursor, self.name = cursor, name

    def values(self, table: str, column: str) -> list[str]:
        """The values of a column that are not empty."""
        self.cursor.execute(_query(table, column))
        return [value for (value,) in self.cursor.fetchall()]

    def write(self, file) -> None:
        """Write the database into the binary `file`. Raises `Failed`."""
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={self.name}"]
        with _running("pg_dump", *options, stdout=subprocess.PIPE) as process:
            shutil.copyfileobj(process.stdout, file, PIECE)


def _query(table: str, column: str) -> str:
    name = connection.ops.quote_name
    return f"SELECT {name(column)} FROM {name(table)} WHERE {name(column)} <> ''"  # noqa: S608


def is_empty() -> bool:
    """Whether the database of the settings has no table yet."""
    return not connection.introspection.table_names()


def read_in(file) -> None:
    """Make the empty database what the binary `file` holds. Raises `Failed`."""
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        draft = path.with_name(f"{path.name}.restored")
        draft.unlink(missing_ok=True)  # of a restore that was killed
        try:
            with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY, 0o600), "wb") as target:
                shutil.copyfileobj(file, target, PIECE)
        except BaseException:
            draft.unlink()
            raise
        connection.close()
        for rest in ("-wal", "-shm"):
            path.with_name(path.name + rest).unlink(missing_ok=True)
        os.replace(draft, path)
        return
    connection.close()
    options = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]
    with _running("pg_restore", *options, stdin=subprocess.PIPE) as process:
        shutil.copyfileobj(file, process.stdin, PIECE)
        process.stdin.close()


@contextmanager
def _running(program: str, *options: str, **pipes):
    """The program on the database of the settings. Its password does not stand among its arguments.

    Raises `Failed` unless it ends well.
    """
    client = connection.client.settings_to_cmd_args_env
    (_, *where), env = client(connection.settings_dict, [])
    *where, name = where
    command = [program, *options, *where, f"--dbname={name}"]
    try:
        process = subprocess.Popen(  # noqa: S603
            command, env={**os.environ, **(env or {})}, stderr=subprocess.PIPE, **pipes
        )
    except FileNotFoundError:
        raise Failed(f"{program} is not installed") from None
    with process:
        try:
            # A broken pipe: it has ended, and the reason is in its output.
            with contextlib.suppress(BrokenPipeError):
                yield process
        except BaseException:
            process.kill()
            raise
        complaint = process.stderr.read().decode(errors="replace") if process.stderr else ""
        if process.wait():
            raise Failed(f"{program}: {complaint.strip()[-500:]}")
