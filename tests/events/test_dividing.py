"""Dividing the book of events into months, by its owner, while the portal works."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from apps.cards.enums import RequestStatus
from apps.events import grants, partitioning, partitions
from apps.events.models import Event
from tests.factories.cards import AT, make_request

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def execute(statement):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_rights_given_before_are_the_same_afterwards():
    """Dividing gives the role what `database_roles` gives it, neither more nor less."""
    role = "portal_before"
    execute(f"CREATE ROLE {role}")
    for statement in grants.statements(role=role):
        execute(statement)
    partitioning.divide(at=AT, ahead=1, say=lambda text: None)
    found = rights_of(role)
    for statement in grants.statements(role=role):
        execute(statement)
    assert rights_of(role) == found
    assert (partitions.BOOK, "SELECT") in found
    assert not {right for _, right in found} & {"UPDATE", "DELETE", "TRUNCATE"}


def rights_of(role):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, privilege_type FROM information_schema.role_table_grants "
            "WHERE grantee = %s AND table_name LIKE %s AND table_name NOT LIKE %s",
            [role, f"{partitions.BOOK}%", "%before%"],
        )
        return set(cursor.fetchall())


def test_the_command_divides_extends_and_deletes_the_old_table(capsys):
    make_request(RequestStatus.ACCEPTED, at=AT)
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    call_command("partition_events", if_divided=True)
    assert "没有分区" in capsys.readouterr().out
    call_command("partition_events", ahead=1)
    call_command("partition_events", ahead=2)
    call_command("partition_events", drop_old=True)
    out = capsys.readouterr().out
    assert "分好了" in out
    assert "新增 1 个月" in out
    assert Event.objects.exists()


def test_what_was_interrupted_goes_on_where_it_stopped():
    make_request(RequestStatus.ACCEPTED, at=AT - timedelta(days=40))
    make_request(RequestStatus.ACCEPTED, at=AT)
    execute("SET CONSTRAINTS ALL IMMEDIATE")

    def stop(text):
        raise CommandError("stopped after a month")

    with pytest.raises(CommandError):
        partitioning.divide(at=AT, ahead=1, say=stop)
    make_request(RequestStatus.ACCEPTED, at=AT)
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    before = list(Event.objects.order_by("pk").values())
    partitioning.divide(at=AT, ahead=1, say=lambda text: None)
    assert list(Event.objects.order_by("pk").values()) == before
