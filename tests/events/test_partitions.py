"""The book of events in months: everything that holds of one table holds of its parts."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction

from apps.cards.enums import CardStatus, RequestStatus
from apps.common import integrity
from apps.events import partitioning, partitions
from apps.events.append_only import partitions_of
from apps.events.models import Event
from apps.operations.checks import by_key
from apps.operations.enums import State
from apps.seals import checking
from apps.seals import services as seals
from apps.seals.models import ProofAddress
from tests.factories.cards import AT, make_card, make_request, pay

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
OUTSIDE = [datetime(1999, 1, 1, tzinfo=UTC), datetime(2199, 1, 1, tzinfo=UTC)]
THIS_MONTH = partitions.month_of(AT).table


class Before(NamedTuple):
    """The events, and what `verify_integrity` found about rows of these factories."""

    events: list
    breaches: dict


def make_rows():
    """Three people's events over some months, divided: a card, and a request under way."""
    make_card(CardStatus.ACTIVE, at=AT - timedelta(days=70))
    make_request(RequestStatus.ACCEPTED, at=AT)
    make_request(RequestStatus.SUBMITTED, at=AT)
    seals.seal(at=AT + timedelta(hours=1))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    breaches = integrity.verify(at=AT, about=[integrity.About.ROWS])
    events = list(Event.objects.order_by("pk").values())
    partitioning.divide(at=AT, ahead=2, say=lambda text: None)
    return Before(events, breaches)


@pytest.fixture(scope="module")
def before(prepared):
    """How it was before the book was divided."""
    yield from prepared(make_rows)


def execute(statement):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def parts():
    with connection.cursor() as cursor:
        return partitions_of(cursor, partitions.BOOK)


def test_every_event_is_there_and_lies_in_its_month(before):
    assert list(Event.objects.order_by("pk").values()) == before.events
    assert len(parts()) == 6  # three months with events, two ahead, the rest
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*), MIN(at), MAX(at) FROM {THIS_MONTH}")  # noqa: S608
        count, first, last = cursor.fetchone()
    assert count
    assert partitions.month_of(first) == partitions.month_of(last) == partitions.month_of(AT)


def test_what_can_be_checked_about_the_data_holds(before):
    assert checking.verify().findings == []
    assert integrity.verify(at=AT, about=[integrity.About.ROWS]) == before.breaches


def test_moves_timelines_messages_and_seals_go_on(before):
    card_request = make_request(RequestStatus.SUBMITTED, at=AT)
    pay(card_request, at=AT + timedelta(hours=1))
    told = card_request.events.values_list("action", flat=True)
    assert list(told)[-2:] == ["SUBMIT", "PAY"]
    assert card_request.events.last().pk > before.events[-1]["id"]
    assert Event.objects.of_person(card_request.holder).count() >= len(told)
    assert seals.seal(at=AT + timedelta(hours=2)) > 0
    assert checking.verify().findings == []


@pytest.mark.parametrize("at", OUTSIDE)
def test_a_moment_outside_all_months_is_written_and_guarded(before, at):
    event = Event.objects.create(
        subject_kind="card", action="EXPIRE", at=at, role="WORKER", channel="WORKER"
    )
    assert Event.objects.get(pk=event.pk).at == at
    with pytest.raises(DatabaseError, match="append-only"):
        execute(f"DELETE FROM {partitions.REST}")  # noqa: S608


@pytest.mark.parametrize("table", [partitions.BOOK, THIS_MONTH])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET reason = 'x'",
        "UPDATE {} SET at = at + INTERVAL '1 year'",
        "DELETE FROM {}",
        "TRUNCATE {}",
    ],
)
def test_the_database_refuses(before, table, statement):
    with pytest.raises(DatabaseError, match="append-only"):
        execute(statement.format(table))
    assert list(Event.objects.order_by("pk").values()) == before.events


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {month} SET reason = 'x'",
        "DELETE FROM {month}",
        "TRUNCATE {month}",
        "DROP TABLE {month}",
        "ALTER TABLE {month} DISABLE TRIGGER ALL",
        "ALTER TABLE {book} DETACH PARTITION {month}",
        "INSERT INTO {month} SELECT * FROM {month} LIMIT 1",
        "INSERT INTO {book} SELECT * FROM {book} LIMIT 1",
        "DELETE FROM {before}",
        "SELECT * FROM {before}",
    ],
)
def test_the_role_of_the_application_has_no_right_to(before, application_role, statement):
    """A number given twice, too: the key of a divided table would not refuse it."""
    with pytest.raises(ProgrammingError, match=r"must be owner|permission denied"):
        execute(
            statement.format(month=THIS_MONTH, book=partitions.BOOK, before=partitioning.BEFORE)
        )


def test_the_role_of_the_application_does_its_work(before, application_role):
    make_request(RequestStatus.ACCEPTED, at=AT)
    assert seals.seal(at=AT + timedelta(hours=2)) > 0


def test_a_row_about_no_event_is_refused(before):
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="no event 999999999"):
        ProofAddress.objects.create(event_id=999_999_999, created_at=AT)


def test_months_are_made_ahead_and_take_what_lay_in_the_rest(before):
    late = AT + timedelta(days=100)
    event = Event.objects.create(
        subject_kind="card", action="EXPIRE", at=late, role="WORKER", channel="WORKER"
    )
    assert partitions.reach(AT) == partitions.Reach(ahead=2, rest=1)
    made = partitioning.extend(at=AT, ahead=5)
    assert partitions.month_of(late).table in made
    assert partitions.reach(AT) == partitions.Reach(ahead=5, rest=0)
    assert Event.objects.get(pk=event.pk).at == late
    for table in (*made, partitions.REST):
        with pytest.raises(DatabaseError, match="append-only"):
            execute(f"TRUNCATE {table}")
    assert partitioning.extend(at=AT, ahead=5) == []


def test_operators_hear_in_time_that_months_are_missing(before):
    check = by_key("months")
    assert check.find(AT).state == State.WARN
    partitioning.extend(at=AT, ahead=12)
    assert check.find(AT).state == State.OK
