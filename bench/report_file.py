"""How long a report file of 10,000 lines takes: reading, storing, and applying it.

    .venv/bin/python -m bench.report_file [LINES]

Reading and storing are measured beside `csv.reader` over the same bytes. Applying, with the
messages about it, is measured beside the bare statements that do the same to the same rows, one for
each table and move. Every tenth card replaces a lost one. The changes are rolled back between two
measurements; `bench.report_deployed` commits them, in as many processes as there are cores.
"""

import csv
import io
import statistics
import sys
import time

from django.db import transaction

from apps.bureau import applying, reports
from apps.bureau.adapters import report_file
from apps.bureau.models import BureauReport
from apps.notices import services
from apps.notices.tasks import EVENTS
from bench import table
from bench.report_rows import AT, analyze, contents, fill, last_event, skip_messages
from bench.report_statements import MADE, SENT, note_numbers, run, tell
from bench.schema import make_tables

LINES = 10_000
ROUNDS = table.ROUNDS


def main(lines=LINES):
    make_tables()
    fill(lines)
    skip_messages()
    made, sent = contents(lines, "MADE"), contents(lines, "SENT")
    floor = milliseconds(lambda: list(csv.reader(io.StringIO(made.decode()))))
    read = milliseconds(lambda: report_file.read("x", made, at=AT))
    stored = undone(lambda: store(made))
    store(made)
    repeated = milliseconds(lambda: store(made))
    for name, spent in [
        (f"floor: csv.reader over {lines:,} lines", floor),
        ("read: checked line by line", read),
        ("read and stored", stored),
        ("read and stored again: a repeated file", repeated),
    ]:
        print(f"{name:46} {spent:8.1f} ms {spent / floor:8.2f} × floor")
    note_numbers()
    analyze()
    compare("made", MADE, lines)
    apply_and_tell()
    store(sent)
    analyze()
    compare("sent", SENT, lines)


def compare(what, statements, lines):
    """Apply the stored reports by the bare `statements` and by the portal, and print both."""
    bare, ours = [], []
    for _ in range(ROUNDS):
        bare.append(lines / undone(lambda: write(statements)) * 1000)
        ours.append(lines / undone(apply_and_tell) * 1000)
    table.note(f"report_file_{what}", ours=ours, floor=bare, unit="lines a second")


def store(data):
    reports.store(file=report_file.read("x", data, at=AT), by=None, at=AT)


def write(statements):
    last = last_event()
    run(statements)
    tell(last=last)


def apply_and_tell():
    apply()
    services.collect(at=AT, limit=EVENTS)


def apply():
    applying.apply_due(at=AT, limit=10**9)
    if BureauReport.objects.open().exists():
        raise SystemExit("not all reports were applied")


def milliseconds(work):
    spent = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        spent.append((time.perf_counter() - start) * 1000)
    return statistics.median(spent)


class _Undo(Exception):
    pass


def undone(work):
    """The milliseconds that `work` takes. Its changes are rolled back."""
    try:
        with transaction.atomic():
            start = time.perf_counter()
            work()
            spent = (time.perf_counter() - start) * 1000
            raise _Undo
    except _Undo:
        return spent


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
