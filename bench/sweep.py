"""How quickly ended suspensions are written down, beside one bare SQL statement that does the same.

    .venv/bin/python -m bench.sweep [CARDS] [DUE]

Prints the rate of `move_all` divided by that of the bare statement, and the time of a tick at which
nothing is due. Each run is rolled back before the next one.
"""

import sys
import time
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.db.models import F

from apps.cards.enums import CardAction, CardStatus
from apps.cards.models import Card
from apps.common.moments import day_of
from apps.events.enums import AS_WORKER
from apps.events.models import Event
from apps.lifecycle.sweep import move_all
from apps.people.models import Holder
from apps.regions.models import Bank, City, Province
from bench import table
from bench.schema import make_tables

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)

BARE = """
WITH due AS (
    SELECT id, holder_id, reference, suspended_until FROM cards_card
    WHERE status = 'SUSPENDED' AND suspended_until <= %(at)s
), moved AS (
    UPDATE cards_card SET status = 'ACTIVE', status_since = %(at)s, suspended_until = NULL
    FROM due WHERE cards_card.id = due.id
    RETURNING cards_card.id
)
INSERT INTO events_event (subject_kind, subject_id, reference, holder_id, action, from_status,
    to_status, at, due_at, role, channel, reason, facts)
SELECT 'card', due.id, due.reference, due.holder_id, 'EXPIRE', 'SUSPENDED', 'ACTIVE', %(at)s,
    due.suspended_until, 'WORKER', 'WORKER', '', '{}'
FROM due JOIN moved ON moved.id = due.id
"""
UPDATE_ONLY = """
UPDATE cards_card SET status = 'ACTIVE', status_since = %(at)s, suspended_until = NULL
WHERE status = 'SUSPENDED' AND suspended_until <= %(at)s
"""


class _Undo(Exception):
    pass


def fill(cards, due):
    """Cards of as many people: `due` of them suspended until a moment ago."""
    make_tables()
    province, _ = Province.objects.get_or_create(code="370000", defaults={"name": "山东省"})
    city, _ = City.objects.get_or_create(
        code="370100", defaults={"name": "济南市", "province": province}
    )
    bank, _ = Bank.objects.get_or_create(code="95533", defaults={"name": "中国建设银行"})
    day = day_of(AT)
    for start in range(0, cards, 10_000):
        numbers = range(start, min(start + 10_000, cards))
        holders = Holder.objects.bulk_create(
            Holder(name="张超", id_number=f"37{number:016d}", birth_date=day, sex="1")
            for number in numbers
        )
        Card.objects.bulk_create(
            Card(
                holder=holder,
                city=city,
                bank=bank,
                card_number=f"{number:09d}",
                status=CardStatus.SUSPENDED if number < due else CardStatus.ACTIVE,
                status_since=AT - timedelta(days=8),
                suspended_until=AT - timedelta(minutes=1) if number < due else None,
            )
            for number, holder in zip(numbers, holders, strict=True)
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def timed(work):
    """(seconds, result) of `work`, whose changes are taken back."""
    try:
        with transaction.atomic():
            began = time.perf_counter()
            result = work()
            seconds = time.perf_counter() - began
            raise _Undo
    except _Undo:
        return seconds, result


def bare(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement, {"at": AT})
        return cursor.rowcount


def sweep(at=AT):
    due = Card.objects.suspension_over(at).order_by("suspended_until", "pk")
    return move_all(due, CardAction.EXPIRE, at=at, due_at=F("suspended_until"), **AS_WORKER).done


def main(cards=200_000, due=50_000):
    fill(cards, due)
    names = ["the engine", "update only"]
    works = [sweep, lambda: bare(UPDATE_ONLY)]
    if connection.vendor == "postgresql":
        names.append("update and events")
        works.append(lambda: bare(BARE))
    rates = {name: [] for name in names}
    for _ in range(table.ROUNDS):
        for name, work in zip(names, works, strict=True):
            seconds, done = timed(work)
            rates[name].append(done / seconds)
    for name in names[1:]:
        title = "expiry_sweep" if name == names[-1] else "expiry_sweep_bare_update"
        table.note(title, ours=rates["the engine"], floor=rates[name], unit="cards a second")
    early = AT - timedelta(days=1)
    idle = min(timed(lambda: sweep(early))[0] for _ in range(20))
    print(f"a tick at which nothing is due: {idle * 1000:.1f} ms")
    print(f"events in the book: {Event.objects.count():,}")


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
