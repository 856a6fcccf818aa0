"""The tables that a first start makes at once are those that the migrations make one by one."""

import re
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.conf import settings
from django.db import connection

from apps.operations import fresh_schema
from tests.test_settings import NEUTRAL

# Random, or a moment.
ITS_OWN = {"phrasebook_phrase": "reference", "django_migrations": "applied"}


@pytest.fixture
def fresh(tmp_path):
    """A cursor on a database that the first start of a portal has made."""
    subprocess.run(
        [sys.executable, "manage.py", "prepare"],
        cwd=settings.BASE_DIR,
        env=NEUTRAL | {"SBK_VAR_DIR": str(tmp_path)},
        capture_output=True,
        timeout=400,
        check=True,
    )
    with closing(sqlite3.connect(tmp_path / "portal.sqlite3")) as database:
        yield database.cursor()


def schema(cursor):
    """What was said to make each table, index and trigger. The order of columns may differ."""
    rows = cursor.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {name: sorted(re.split(r", (?=\"|CONSTRAINT)|\(|\)", sql)) for name, sql in rows}


def rows(cursor, table):
    names = [row[1] for row in cursor.execute(f'PRAGMA table_info("{table}")').fetchall()]
    kept = ", ".join(f'"{name}"' for name in sorted(names) if name != ITS_OWN.get(table))
    return cursor.execute(f'SELECT {kept} FROM "{table}"').fetchall()  # noqa: S608


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="compares two SQLite files")
def test_a_first_start_makes_what_the_migrations_make(fresh):
    with connection.cursor() as cursor:
        assert schema(cursor) == schema(fresh)
        written = ["phrasebook_phrase", "auth_group", "auth_permission", "django_content_type"]
        for table in [*written, "django_migrations"]:
            of_migrations = sorted(rows(cursor, table))
            assert sorted(rows(fresh, table)) == of_migrations, table
            assert of_migrations


@pytest.mark.django_db
def test_a_database_with_tables_is_left_to_the_migrations():
    assert fresh_schema.make_tables(connection) is False
