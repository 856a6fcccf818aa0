"""Adds the events to the kept counts, as they come. The book of events is the queue.

Numbers of events are given before they are committed. So the newest are looked through again until
every transaction that was open meanwhile is over (`CountingProgress`); only then are they settled.
What an event changes is found by counting its request anew, so an event may be seen twice.
"""

import hashlib
from collections import Counter

from django.db import connection, transaction
from django.db.models import Sum

from apps.common import working_days
from apps.events import settling
from apps.events.settling import Mark
from apps.reporting import kept
from apps.reporting.models import (
    TALLIES,
    CountedRequest,
    CountingProgress,
    InHandCount,
    StageCount,
    StatusCount,
)

# Events that are counted in one transaction, and rows that are written with one statement.
BATCH = 2000
ROWS = 500


def count_events(*, deadline=None):
    """Count what happened since the last time. Returns how many events were counted.

    Two thousand at a time, in one transaction. Nothing is locked but the row of `CountingProgress`:
    a second caller leaves the work to the first one. After `deadline`, a `Deadline`, no further two
    thousand are begun. Idempotent.
    """
    progress, _ = CountingProgress.objects.get_or_create(pk=CountingProgress.ONLY)
    book = settling.read_book()
    settled = settling.settled_event(_mark(progress), book)
    after, done = progress.settled_event_id, 0
    with working_days.read_once():
        while True:
            events = list(kept.behind(after)[:BATCH])
            if not _count(events, book, settled=settled):
                return done
            done += len(events)
            if len(events) < BATCH or (deadline is not None and deadline.has_passed):
                return done
            after = events[-1][0]


def _mark(progress):
    return Mark(progress.settled_event_id, progress.next_event_id, progress.next_transaction)


@transaction.atomic
def _count(events, book, *, settled):
    """Count the requests of `events`, the next ones of `kept.behind`. False where another does.

    `settled` as by `settling.settled_event` before they were read.
    """
    progress = (
        CountingProgress.objects.select_for_update(skip_locked=True)
        .filter(pk=CountingProgress.ONLY)
        .first()
    )
    if progress is None:
        return False
    before = _state(progress)
    _follow_calendar(progress)
    found = kept.recounted(events)
    for tally, changes in kept.differences(found).items():
        _add(tally, changes)
    CountedRequest.objects.bulk_create(
        [one.counted for one in found],
        update_conflicts=True,
        unique_fields=["card_request"],
        update_fields=["last_event_id", "is_activated", "shares"],
    )
    last = events[-1][0] if events else 0
    is_all = len(events) < BATCH
    reached = settled if is_all else min(settled, last)
    seen = max(last, book.last_event_id) if is_all else last
    progress.seen_event_id = max(progress.seen_event_id, seen)
    mark = _mark(progress)
    progress.settled_event_id, progress.next_event_id, progress.next_transaction = settling.moved(
        mark, book, settled=max(mark.settled, reached)
    )
    if _state(progress) != before:
        progress.save()
    return True


def _state(progress):
    return {
        field.attname: getattr(progress, field.attname) for field in CountingProgress._meta.fields
    }


def _add(tally, changes):
    """Add the numbers of the Counter `changes` to the rows of their keys."""
    meta = tally._meta
    items = sorted(changes.items())
    for start in range(0, len(items), ROWS):
        some = items[start : start + ROWS]
        rows = [{**tally.values_of(key), "number": number} for key, number in some]
        columns = list(rows[0])
        fields = [meta.get_field(column.removesuffix("_id")) for column in columns]
        values = [
            field.get_db_prep_save(row[column], connection)
            for row in rows
            for column, field in zip(columns, fields, strict=True)
        ]
        row = f"({', '.join(['%s'] * len(columns))})"
        statement = (
            f"INSERT INTO {meta.db_table} ({', '.join(columns)}) "  # noqa: S608 - our own words
            f"VALUES {', '.join([row] * len(rows))} ON CONFLICT ({', '.join(tally.KEY)}) "
            f"DO UPDATE SET number = {meta.db_table}.number + EXCLUDED.number"
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, values)


def _follow_calendar(progress):
    """Count the working days of all stages anew where the calendar has changed."""
    calendar = working_days.current()
    known = (
        sorted(calendar.arranged.items()),
        sorted(calendar.years),
        sorted(working_days.LIBRARY_YEARS),
    )
    name = hashlib.sha256(repr(known).encode()).hexdigest()
    if progress.calendar == name:
        return
    spans = StageCount.objects.values_list("began_date", "ended_date", "days").distinct()
    for began, ended, days in list(spans):
        found = working_days.count_working_days(began, ended)
        if found != days:
            StageCount.objects.filter(began_date=began, ended_date=ended).update(days=found)
    progress.calendar = name


def delete_empty():
    """Delete the rows of which nothing is left. Returns how many."""
    return sum(tally._default_manager.filter(number=0).delete()[0] for tally in TALLIES)


@transaction.atomic
def sum_anew():
    """Set `StatusCount` right, where a program has counted that did not know it: in an upgrade.

    Idempotent. Returns how many numbers were wrong.
    """
    CountingProgress.objects.get_or_create(pk=CountingProgress.ONLY)
    CountingProgress.objects.select_for_update().get(pk=CountingProgress.ONLY)
    wrong = _sums(InHandCount)
    wrong.subtract(_sums(StatusCount))
    wrong = Counter({key: number for key, number in wrong.items() if number})
    _add(StatusCount, wrong)
    return len(wrong)


def _sums(tally):
    rows = tally._default_manager.values_list(*StatusCount.KEY).annotate(total=Sum("number"))
    return Counter({tuple(key): number for *key, number in rows})


def count_anew():
    """Throw the counts away and count the whole book. Returns how many events were counted.

    Meanwhile the figures say how much they leave out.
    """
    with transaction.atomic():
        CountingProgress.objects.get_or_create(pk=CountingProgress.ONLY)
        progress = CountingProgress.objects.select_for_update().get(pk=CountingProgress.ONLY)
        for tally in TALLIES:
            tally._default_manager.all().delete()
        CountedRequest.objects.all().delete()
        progress.settled_event_id = progress.seen_event_id = 0
        progress.save(update_fields=["settled_event_id", "seen_event_id"])
    return count_events()
