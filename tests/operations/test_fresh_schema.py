"""The tables that a first start makes at once are those that the migrations make one by one."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from apps.operations import fresh_schema
from tests.settings_process import NEUTRAL

# Random, or a moment.
ITS_OWN = {"phrasebook_phrase": "reference", "django_migrations": "applied"}


@contextmanager
def made_by(command, folder):
    """A cursor on a database of its own that `manage.py command` has made in `folder`."""
    folder.mkdir()
    subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "manage.py", command],
        cwd=settings.BASE_DIR,
        env=NEUTRAL | {"SBK_VAR_DIR": str(folder)},
        capture_output=True,
        timeout=400,
        check=True,
    )
    with closing(sqlite3.connect(folder / "portal.sqlite3")) as database:
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
@pytest.mark.skipif(connection.vendor != "sqlite", reason="compares two SQLite files")
def test_a_first_start_makes_what_the_migrations_make(tmp_path):
    """The other tests run on such a database, so the migrations get one of their own here."""
    with (
        made_by("prepare", tmp_path / "fresh") as fresh,
        made_by("migrate", tmp_path / "migrated") as migrated,
    ):
        assert schema(migrated) == schema(fresh)
        written = ["phrasebook_phrase", "auth_group", "auth_permission", "django_content_type"]
        for table in [*written, "django_migrations"]:
            of_migrations = sorted(rows(migrated, table))
            assert sorted(rows(fresh, table)) == of_migrations, table
            assert of_migrations


CATALOGUE = (
    """SELECT table_name, column_name, data_type, character_maximum_length, is_nullable,
    column_default, is_identity, collation_name FROM information_schema.columns
    WHERE table_schema = 'public'""",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace""",
    """SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger
    WHERE NOT tgisinternal""",
    "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
)


@pytest.fixture(scope="module")
def fresh_on_the_server(tmp_path_factory):
    """A connection to a database of the server that the first start of a portal has made."""
    server = urlsplit(os.environ["DATABASE_URL"])
    name = f"fresh_{uuid4().hex}"
    with psycopg.connect(server.geturl(), autocommit=True) as owner:
        owner.execute(f'CREATE DATABASE "{name}"')
        address = server._replace(path=f"/{name}").geturl()
        try:
            subprocess.run(
                [sys.executable, "manage.py", "prepare"],
                cwd=settings.BASE_DIR,
                env=NEUTRAL
                | {"SBK_VAR_DIR": str(tmp_path_factory.mktemp("fresh")), "DATABASE_URL": address},
                capture_output=True,
                timeout=400,
                check=True,
            )
            with psycopg.connect(address) as database:
                yield database
        finally:
            owner.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="reads PostgreSQL's catalogue")
@pytest.mark.parametrize(
    "question", CATALOGUE, ids=lambda question: question.split("FROM")[1].split()[0]
)
def test_on_a_server_too(fresh_on_the_server, question):
    """The benchmarks run on such a database. The tests have migrated theirs."""
    with connection.cursor() as cursor:
        cursor.execute(question)
        migrated = sorted(map(repr, cursor.fetchall()))
    assert sorted(map(repr, fresh_on_the_server.execute(question).fetchall())) == migrated


@pytest.mark.django_db
def test_a_database_with_tables_is_left_to_the_migrations():
    assert fresh_schema.make_tables(connection) is False
