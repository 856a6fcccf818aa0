"""How quickly requests are moved by the clock, beside the bare SQL statements that do the same.

    .venv/bin/python -m bench.request_sweeps [REQUESTS]

Acceptance of what is paid, the lapse of what nobody paid for, and the collection of what was sent
long ago, each over all REQUESTS. The changes are rolled back between two measurements.
"""

import sys
import time
from datetime import timedelta

from django.db import connection, transaction

from apps.cards.enums import CardStatus, RequestAction, RequestStatus
from apps.cards.models import Card, CardRequest
from apps.payments.sweeps import close_unpaid
from apps.requests.sweeps import accept_paid, collect_overdue
from bench import table
from bench.report_rows import AT, fill
from bench.schema import make_tables

LONG_AGO = AT - timedelta(days=90)
SWEEPS = {
    "acceptance": (
        RequestAction.ACCEPT,
        RequestStatus.PAID,
        RequestStatus.ACCEPTED,
        lambda: accept_paid(at=AT, deadline=None).done,
    ),
    "lapse": (
        RequestAction.LAPSE,
        RequestStatus.SUBMITTED,
        RequestStatus.LAPSED,
        lambda: close_unpaid(at=AT, limit=1000),
    ),
    "collection": (
        RequestAction.COLLECT,
        RequestStatus.DISPATCHED,
        RequestStatus.COLLECTED,
        lambda: collect_overdue(at=AT, deadline=None).done,
    ),
}
EVENTS = """
INSERT INTO events_event (subject_kind, subject_id, reference, holder_id, action, from_status,
    to_status, at, due_at, role, channel, reason, facts)
SELECT 'request', id, reference, holder_id, %(action)s, status, %(after)s, %(at)s, %(at)s,
    'WORKER', 'WORKER', '', '{}'
FROM cards_cardrequest WHERE status = %(before)s AND status_since < %(at)s
"""
MOVES = """
UPDATE cards_cardrequest SET status = %(after)s, status_since = %(at)s
WHERE status = %(before)s AND status_since < %(at)s
"""


class _Undo(Exception):
    pass


def rate(work, count):
    """Rows a second of `work`, whose changes are taken back; it must move `count` rows."""
    try:
        with transaction.atomic():
            began = time.perf_counter()
            done = work()
            spent = time.perf_counter() - began
            raise _Undo
    except _Undo:
        if done != count:
            raise SystemExit(f"{done} of {count} rows were moved") from None
        return done / spent


def bare(action, before, after):
    with connection.cursor() as cursor:
        what = {"action": action, "before": before, "after": after, "at": AT}
        cursor.execute(EVENTS, what)
        cursor.execute(MOVES, what)
        return cursor.rowcount


def send_all():
    """Every request has a card, which was sent long ago."""
    Card.objects.update(status=CardStatus.RETIRED)
    requests = list(CardRequest.objects.all())
    cards = Card.objects.bulk_create(
        [
            Card(
                holder_id=card_request.holder_id,
                city_id=card_request.city_id,
                bank_id=card_request.bank_id,
                card_number=f"N{card_request.pk:08d}",
                status=CardStatus.SEALED,
                status_since=LONG_AGO,
            )
            for card_request in requests
        ],
        batch_size=1000,
    )
    for card_request, card in zip(requests, cards, strict=True):
        card_request.card = card
        card_request.status, card_request.status_since = RequestStatus.DISPATCHED, LONG_AGO
    CardRequest.objects.bulk_update(requests, ["card", "status", "status_since"], batch_size=500)


def settle():
    """Forget the rows of the last measurement, which PostgreSQL keeps until it cleans up."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def main(count=20_000):
    make_tables()
    fill(count)
    for name, (action, before, after, sweep) in SWEEPS.items():
        if before == RequestStatus.DISPATCHED:
            send_all()
        else:
            CardRequest.objects.update(status=before, status_since=LONG_AGO)
        ours, floor = [], []
        for _ in range(table.ROUNDS):
            settle()
            floor.append(rate(lambda: bare(action, before, after), count))  # noqa: B023
            settle()
            ours.append(rate(sweep, count))
        table.note(f"{name}_sweep", ours=ours, floor=floor, unit="requests a second")


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
