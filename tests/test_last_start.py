"""A start with nothing new to prepare is told so; whatever the preparation reads, counts."""

import os
import sqlite3
from contextlib import closing

import pytest

from sbk_portal.last_start import is_prepared, note


@pytest.fixture
def about(tmp_path):
    database = tmp_path / "portal.sqlite3"
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("CREATE TABLE django_migrations (id INTEGER, applied TEXT)")
        connection.execute("INSERT INTO django_migrations VALUES (1, '2026-11-01')")
    base = tmp_path / "program"
    for name in ("apps/cards/migrations/0001_a.py", "fixtures/banks.json", "static/css/base.css"):
        path = base / name
        path.parent.mkdir(parents=True)
        path.write_text("x")
    engine = "django.db.backends.sqlite3"
    about = {"folder": tmp_path, "base": base, "demo": True}
    return about | {"database": {"ENGINE": engine, "NAME": database}}


def test_what_was_noted_is_prepared(about):
    assert not is_prepared(**about)
    note(**about)
    assert is_prepared(**about)


@pytest.mark.parametrize(
    "change",
    [
        lambda about: (about["base"] / "apps/cards/migrations/0002_b.py").write_text("y"),
        lambda about: (about["base"] / "static/css/base.css").write_text("yy"),
        lambda about: os.utime(about["base"] / "fixtures/banks.json", (1, 1)),
        lambda about: about.update(demo=False),
        lambda about: about["database"]["NAME"].unlink(),
        lambda about: _apply_another_migration(about["database"]["NAME"]),
        lambda about: about["database"].update(ENGINE="django.db.backends.postgresql"),
    ],
)
def test_what_has_changed_is_not(about, change):
    note(**about)
    change(about)
    assert not is_prepared(**about)


def _apply_another_migration(database):
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("INSERT INTO django_migrations VALUES (2, '2026-11-02')")


def test_a_database_of_others_is_never_noted(about):
    about["database"]["ENGINE"] = "django.db.backends.postgresql"
    note(**about)
    assert not is_prepared(**about)
