"""The book of events can only be read and added to, by any database role."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, ProgrammingError, connection, transaction

from apps.cards.enums import RequestStatus
from apps.events.models import Event
from tests.factories.cards import make_request

pytestmark = pytest.mark.django_db

SQLITE_ONLY = pytest.mark.skipif(connection.vendor != "sqlite", reason="a statement of SQLite")
# The newest event once more, under its own key.
AGAIN = """ INTO events_event (id, subject_kind, reference, action, from_status, to_status, at,
role, channel, reason, facts) SELECT id, subject_kind, reference, action, from_status, to_status,
at, role, channel, 'x', facts FROM events_event WHERE by_id IS NULL """
REPLACE = "INSERT OR REPLACE" + AGAIN
UPSERT = "INSERT" + AGAIN + "ON CONFLICT (id) DO UPDATE SET reason = 'x'"
TRUNCATE = "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE events_event CASCADE"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events_event SET reason = 'x'",
        "DELETE FROM events_event",
        pytest.param(TRUNCATE, marks=pytest.mark.postgres),
        pytest.param(REPLACE, marks=SQLITE_ONLY),
        UPSERT,
    ],
)
def test_the_database_refuses(statement):
    make_request(RequestStatus.ACCEPTED)
    before = list(Event.objects.order_by("pk").values())
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert list(Event.objects.order_by("pk").values()) == before


@pytest.mark.postgres
@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE events_event DISABLE TRIGGER ALL",
        "DROP TRIGGER events_event_no_update ON events_event",
        "DROP FUNCTION events_event_refuse() CASCADE",
        "UPDATE events_event SET reason = 'x'",
        "DELETE FROM events_event",
        "TRUNCATE events_event CASCADE",
        "SET session_replication_role = replica",
    ],
)
def test_the_role_of_the_application_cannot_take_the_guard_off(application_role, statement):
    with (
        pytest.raises(ProgrammingError, match=r"must be owner|permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_the_statements_can_be_printed_for_an_administrator(capsys):
    call_command("database_roles", "portal", print=True)
    assert 'REVOKE UPDATE, DELETE, TRUNCATE ON "public"."events_event" FROM "portal";' in (
        capsys.readouterr().out
    )


@SQLITE_ONLY
def test_without_roles_the_command_says_so():
    with pytest.raises(CommandError, match="PostgreSQL"):
        call_command("database_roles", "portal")
