"""Which migrations are missing, by their names, as Django's own loader finds them."""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from apps.common.pending_migrations import pending_migrations

pytestmark = pytest.mark.django_db


def test_after_migrate_none_is_missing():
    assert pending_migrations(connection) == []


def test_in_an_empty_database_all_are_missing_that_django_would_run():
    MigrationRecorder(connection).flush()
    assert pending_migrations(connection) == sorted(MigrationLoader(connection).graph.nodes)


def test_what_a_newer_program_has_run_is_not_missing():
    MigrationRecorder(connection).record_applied("cards", "9999_of_the_next_version")
    assert pending_migrations(connection) == []
