"""When readers of the book may take it that nothing is added before an event any more."""

import pytest
from django.db import connection

from apps.events import settling
from apps.events.models import Event
from apps.events.settling import Book, Mark
from tests.contests import meanwhile
from tests.factories.cards import make_card

MARK = Mark(settled=10, waiting=20, until=60)


@pytest.mark.parametrize(
    ("oldest_open", "settled"),
    [(50, 10), (59, 10), (60, 20), (64, 20), (65, 30)],
)
def test_an_event_is_settled_once_all_who_were_writing_then_are_done(oldest_open, settled):
    book = Book(last_event_id=30, oldest_open=oldest_open, next_transaction=65)
    assert settling.settled_event(MARK, book) == settled


def test_the_mark_waits_for_the_newest_event_once_the_one_before_is_settled():
    early, late = (Book(30, oldest_open, 65) for oldest_open in (59, 60))
    assert settling.moved(MARK, early, settled=10) == MARK
    assert settling.moved(MARK, late, settled=20) == Mark(20, 30, 65)


def test_while_somebody_adds_an_event_without_a_number_only_the_one_before_is_settled():
    assert settling.settled_event(MARK, Book(0, 65, 65)) == 20
    assert settling.moved(MARK, Book(0, 65, 65), settled=20) == Mark(20, 20, 60)


def test_a_mark_of_another_server_is_over_when_its_rows_were_restored():
    assert settling.settled_event(MARK, Book(30, 7, 8)) == 20


def writing(*statements):
    """In another connection: `statements` run on entering, committed on leaving."""

    def write():
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    return meanwhile(write)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_last_event_is_not_known_while_a_transaction_without_a_number_adds_one():
    make_card()
    last = Event.objects.order_by("-pk").values_list("pk", flat=True)[0]
    assert settling.read_book().last_event_id == last
    with writing("LOCK TABLE events_event IN ROW EXCLUSIVE MODE"):  # as an INSERT begins
        assert settling.read_book().last_event_id == 0
    with writing("LOCK TABLE events_event IN ROW EXCLUSIVE MODE", "SELECT pg_current_xact_id()"):
        book = settling.read_book()
        assert (book.last_event_id, book.oldest_open < book.next_transaction) == (last, True)
    assert settling.read_book().last_event_id == last
