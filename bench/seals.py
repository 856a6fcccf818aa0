"""How quickly events are sealed, beside the bare hashing of the same bytes in the same run.

    .venv/bin/python -m bench.seals [EVENTS]

Prints the rates, the ratio to the floor (SHA-256 over the leaves and the nodes, from bytes that are
in memory already), the time of a head over one new event at that size, of one proof, and of
`verify_seals` over everything. Also how long a move waits at most while a backlog is sealed.
"""

import hashlib
import os
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection

from apps.events.enums import Channel, Role
from apps.events.models import Event
from apps.seals import canonical, checking, proofs, services
from apps.seals.models import TreeHead
from bench import table
from bench.schema import make_tables

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
CHUNK = 10_000
# A move writes an event this often while a backlog is sealed.
PAUSE = 0.05


def an_event(number):
    return Event(
        subject_kind="card",
        subject_id=number,
        reference=f"{number:016d}",
        holder_id=number,
        action="EXPIRE",
        from_status="SUSPENDED",
        to_status="ACTIVE",
        at=AT + timedelta(seconds=number),
        due_at=AT,
        role=Role.WORKER,
        channel=Channel.WORKER,
        facts={"promised": "2026-11-23", "rows": number},
    )


def fill(events):
    make_tables()
    for start in range(0, events, CHUNK):
        numbers = range(start, min(start + CHUNK, events))
        Event.objects.bulk_create(map(an_event, numbers))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def bare():
    """Seconds to hash the canonical bytes of every event, and the nodes above them."""
    seconds = 0.0
    level = []
    salt = os.urandom(canonical.SALT_BYTES)
    rows = Event.objects.order_by("pk").values_list(*canonical.COLUMNS)
    data = []
    for row in rows.iterator(chunk_size=CHUNK):
        data.append(b"\x00" + salt + canonical.encoded(row))
        if len(data) == CHUNK:
            seconds += _hash(data, level)
            data = []
    seconds += _hash(data, level)
    began = time.perf_counter()
    while len(level) > 1:
        level = [
            hashlib.sha256(b"\x01" + level[number] + level[number + 1]).digest()
            for number in range(0, len(level) - 1, 2)
        ]
    return seconds + time.perf_counter() - began


def _hash(data, level):
    began = time.perf_counter()
    level += [hashlib.sha256(leaf).digest() for leaf in data]
    return time.perf_counter() - began


def timed(work):
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


class Moves(threading.Thread):
    """Writes an event again and again; `longest` is the longest that one of them took."""

    def __init__(self):
        super().__init__()
        self.longest, self.written = 0.0, 0
        self._stop_asked = threading.Event()

    def run(self):
        while not self._stop_asked.wait(PAUSE):
            seconds, _ = timed(lambda: an_event(self.written).save())
            self.longest, self.written = max(self.longest, seconds), self.written + 1
        connection.close()

    def stop(self):
        self._stop_asked.set()
        self.join()


def main(events=1_000_000):
    fill(events)
    floor = bare()
    moves = Moves()
    moves.start()
    seconds, done = timed(lambda: services.seal(at=AT))
    moves.stop()
    print(f"sealing   {done:>9,} events in {seconds:7.2f} s, {done / seconds:>9,.0f} a second")
    print(f"the floor {events:>9,} events in {floor:7.2f} s, {events / floor:>9,.0f} a second")
    table.note("sealing", ours=[done / seconds], floor=[events / floor], unit="events a second")
    print(f"a move waited {moves.longest * 1000:.0f} ms at most, of {moves.written} meanwhile")
    an_event(0).save()
    services.seal(at=AT + timedelta(minutes=1))
    an_event(0).save()
    seconds, _ = timed(lambda: services.seal(at=AT + timedelta(minutes=2)))
    print(f"a head over one new event: {seconds * 1000:.1f} ms")
    middle = Event.objects.order_by("pk")[events // 2]
    seconds, proof = timed(lambda: proofs.proof_of(middle))
    assert proof.is_proven
    print(f"one proof ({len(proof.path)} steps): {seconds * 1000:.1f} ms")
    seconds, verdict = timed(checking.verify)
    assert verdict.is_sound, verdict.findings
    print(f"verify_seals over {verdict.leaves:,} events: {seconds:.1f} s")
    heads = TreeHead.objects.count()
    late = settings.SEAL_LATE_WITHIN + timedelta(minutes=3)
    seconds, _ = timed(lambda: services.seal(at=AT + late))
    print(f"a minute without events: {seconds * 1000:.1f} ms; heads: {heads}")


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
