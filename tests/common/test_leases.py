"""A row is leased to one worker at a time."""

from datetime import timedelta

import pytest

from apps.common import leases
from apps.events.enums import Channel, Role
from apps.exports.enums import ExportAction, ExportFormat
from apps.exports.models import Export
from apps.lifecycle import engine
from apps.requests.models import DiscardedFile
from tests.contests import at_once
from tests.factories.cards import AT
from tests.factories.people import make_reviewer

LENGTH = timedelta(minutes=15)
SOON = AT + timedelta(minutes=5)
LATER = AT + timedelta(minutes=10)


def make_export():
    export = Export(by=make_reviewer(), format=ExportFormat.CSV, expected_rows=1, created_at=AT)
    order = {"by": export.by, "role": Role.REVIEWER, "at": AT, "channel": Channel.ADMIN}
    engine.begin(export, ExportAction.ORDER, **order)
    return export


def read(row, times=2):
    """The row as several workers read it."""
    return [type(row).objects.get(pk=row.pk) for _ in range(times)]


@pytest.mark.django_db
def test_of_two_that_read_the_same_row_one_leases_it():
    first, second = read(make_export())
    assert leases.take(first, until=SOON)
    assert not leases.take(second, until=LATER)
    first.refresh_from_db()
    assert first.leased_until == SOON


@pytest.mark.django_db
def test_a_leased_row_is_free_at_its_end():
    row = make_export()
    assert leases.take(row, until=SOON)
    before = SOON - timedelta(microseconds=1)
    assert not Export.objects.filter(leases.free(before, length=LENGTH)).exists()
    assert Export.objects.filter(leases.free(SOON, length=LENGTH)).get() == row


@pytest.mark.django_db
def test_the_lease_is_renewed_by_its_worker_and_lost_to_another():
    mine, theirs = read(make_export())
    assert leases.take(mine, until=SOON)
    assert leases.take(mine, until=LATER, row_count=7)
    theirs.refresh_from_db()
    assert (theirs.leased_until, theirs.row_count) == (LATER, 7)
    assert leases.take(theirs, until=LATER + timedelta(minutes=5))
    assert not leases.held(mine).exists()
    leases.release(mine)
    assert leases.held(theirs).exists()
    leases.release(theirs)
    assert Export.objects.filter(leases.free(AT, length=LENGTH)).exists()


@pytest.mark.django_db
def test_a_row_that_left_the_queue_is_not_leased():
    row = make_export()
    assert not leases.take(row, until=SOON, among=Export.objects.exclude(pk=row.pk))
    assert row.leased_until is None


@pytest.mark.django_db
def test_in_a_queue_the_next_try_is_the_lease():
    row = DiscardedFile.objects.create(name="a", discarded_at=AT, next_try_at=AT)
    first, second = read(row)
    assert leases.take(first, "next_try_at", until=SOON)
    assert not leases.take(second, "next_try_at", until=SOON)


def test_pauses_grow_up_to_the_longest():
    first, longest = timedelta(minutes=1), timedelta(hours=1)
    pauses = [leases.growing_pause(n, first=first, longest=longest) for n in (1, 2, 3, 7, 5000)]
    assert pauses == [first, 2 * first, 4 * first, longest, longest]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(5))
def test_of_eight_workers_at_once_one_leases_the_row(turn):
    row = make_export()
    won = []

    def take(mine):
        if leases.take(mine, until=SOON):
            won.append(mine)

    at_once(*(lambda mine=mine: take(mine) for mine in read(row, 8)))
    assert len(won) == 1
