"""The database of the tests.

On SQLite the tables are made once for each state of the migrations, as a first start of the portal
makes them (tests/operations/test_fresh_schema.py compares that with the migrations): the file is
kept in pytest's cache and copied by every later run. After a test that commits, the file is put
back as it was before the first test, which is quicker than emptying each table.
"""

import hashlib
import os
import re
import shutil
import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path

import django
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections, transaction
from django.test import TransactionTestCase

from apps.events import append_only
from apps.events.guards import all_guards
from apps.operations import fresh_schema

# On PostgreSQL a set of moves begins with a statement that has the others planned by their values,
# and ends with one that has the foreign keys checked as usual.
PLANNED = 2 if connection.vendor == "postgresql" else 0


@pytest.fixture(scope="session")
def migrated(request, tmp_path_factory):
    """The file of a database with all tables, which may not exist yet; None on another database."""
    if connection.vendor != "sqlite":
        return None
    cache = getattr(request.config, "cache", None)  # missing with -p no:cacheprovider
    folder = cache.mkdir("migrated") if cache else tmp_path_factory.mktemp("migrated")
    return folder / f"{_digest_of_migrations()}.sqlite3"


def _digest_of_migrations():
    """A digest of Django, of all migrations of ours, what they import, and what reads them."""
    root = Path(settings.BASE_DIR)
    sources = set(root.glob("apps/*/migrations/*.py"))
    text = "\n".join(path.read_text() for path in sources)
    for module, name in re.findall(r"^(?:from|import) (apps[.\w]+)(?: import (\w+))?", text, re.M):
        for dotted in (module, f"{module}.{name}"):
            sources.add(root.joinpath(*dotted.split(".")).with_suffix(".py"))
    sources.add(Path(fresh_schema.__file__))
    digest = hashlib.sha256(f"{django.__version__} {sqlite3.sqlite_version}".encode())
    for path in sorted(filter(Path.exists, sources)):
        digest.update(f"{path.relative_to(root)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix, django_db_blocker, migrated, tmp_path_factory
):
    """SQLite in a file: threads of a live server then have connections of their own."""
    if migrated is None:
        return
    name = tmp_path_factory.mktemp("database") / "test.sqlite3"
    connection.settings_dict["TEST"]["NAME"] = str(name)
    # The data of a test need not survive a power failure.
    options = connection.settings_dict["OPTIONS"]
    options["init_command"] = options["init_command"].replace("NORMAL", "OFF")
    if migrated.exists():
        shutil.copy(migrated, name)
        return
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        connection.close()
        patch.setitem(connection.settings_dict, "NAME", str(name))
        fresh_schema.make_tables(connection)
        connection.close()


@pytest.fixture(scope="session")
def django_db_keepdb(migrated, request):
    """No migration is missing on the copy; pytest itself removes its folder."""
    return migrated is not None or request.config.getvalue("reuse_db")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, migrated, tmp_path_factory):
    """Let every transactional test leave the database as it was."""
    with pytest.MonkeyPatch.context() as patch:
        if migrated is None:
            _empty_append_only_tables(patch)
        else:
            pristine = tmp_path_factory.mktemp("pristine") / "test.sqlite3"
            with django_db_blocker.unblock():
                _save(pristine)
            if not migrated.exists():
                _keep(pristine, migrated)
            patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: _restore(pristine))
        yield


@pytest.fixture(scope="session")
def prepared(django_db_setup, django_db_blocker):
    """Rows that are made once for all tests of a module, in a transaction around these.

    A fixture of the module says `yield from prepared(make_rows)`. The changes of each test are
    rolled back. A test takes a deep copy of the objects, or reads them from the database.
    """

    def prepared(make):
        block = transaction.atomic()
        block._from_testcase = True  # durable blocks of the services may begin inside
        with django_db_blocker.unblock(), ExitStack() as rollback:
            block.__enter__()
            rollback.callback(_roll_back, block)
            rows = make()
            rollback.pop_all()
        yield rows
        with django_db_blocker.unblock():
            _roll_back(block)

    return prepared


def _roll_back(block):
    transaction.set_rollback(True)
    block.__exit__(None, None, None)


def _save(path):
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)


def _keep(pristine, migrated):
    """Put the file into the cache for the next run, in one step, and remove older ones."""
    mine = migrated.with_suffix(f".{os.getpid()}")
    shutil.copy(pristine, mine)
    for old in migrated.parent.glob("*.sqlite3"):
        old.unlink(missing_ok=True)
    mine.replace(migrated)


def _restore(pristine):
    connections.close_all()
    connection.ensure_connection()
    with closing(sqlite3.connect(pristine)) as origin:
        origin.backup(connection.connection, sleep=0.01)


def _empty_append_only_tables(patch):
    """Let the flush after a transactional test empty the append-only tables and the cache."""
    operations = type(connection.ops)  # the class: under Playwright the connection is another one
    flush = operations.execute_sql_flush

    def flush_without_triggers(self, sql_list):
        for guard in all_guards():
            append_only.unprotect(self.connection, guard)
        try:
            flush(self, sql_list)
            cache.clear()  # Django flushes the tables of models only
        finally:
            for guard in all_guards():
                append_only.protect(self.connection, guard)

    patch.setattr(operations, "execute_sql_flush", flush_without_triggers)
