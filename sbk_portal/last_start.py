"""Remembers what the last start has prepared: a start with nothing new to prepare skips that step.

It does not use Django's models, so that it costs no start of its own.
"""

import hashlib
import json
import site
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

NOTE = "prepared"  # the name of the file
# What `manage.py prepare` reads of the program.
_SOURCES = ("apps/*/migrations/*.py", "fixtures/**/*", "static/**/*")


def is_prepared(folder: Path, *, base: Path, database: dict, **options: object) -> bool:
    """Whether `note` has seen the same program, database and `options` in `folder` before."""
    try:
        noted = (folder / NOTE).read_text()
    except OSError:
        return False
    return noted == _state(base, database, options)


def note(folder: Path, *, base: Path, database: dict, **options: object) -> None:
    """Note what is prepared now. Nothing is noted of a database that others can change."""
    if state := _state(base, database, options):
        (folder / NOTE).write_text(state)


def _state(base: Path, database: dict, options: dict) -> str:
    """What the preparation depends on, as a short text; "" when that is not known."""
    applied = _applied_migrations(database)
    if not applied:
        return ""
    found = hashlib.sha256(json.dumps([applied, options], sort_keys=True, default=str).encode())
    for path in _files(base):
        state = path.stat()
        found.update(f"{path} {state.st_mtime_ns} {state.st_size}\n".encode())
    return found.hexdigest()


def _files(base: Path) -> Iterator[Path]:
    for pattern in _SOURCES:
        yield from sorted(path for path in base.glob(pattern) if path.is_file())
    # Libraries bring migrations and static files too; installing one changes its folder.
    yield from (Path(folder) for folder in site.getsitepackages() if Path(folder).is_dir())


def _applied_migrations(database: dict) -> list[object]:
    """(how many, the newest) of the migrations in an SQLite file; [] where there is none."""
    path = Path(str(database["NAME"]))
    if not database["ENGINE"].endswith("sqlite3") or not path.is_file():
        return []
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            rows = connection.execute(
                "SELECT count(*), max(id), max(applied) FROM django_migrations"
            )
            return list(rows.fetchone())
    except sqlite3.Error:
        return []
