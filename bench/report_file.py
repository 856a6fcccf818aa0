"""How long it takes to read and store a report file of 10,000 lines, beside the csv module alone.

    .venv/bin/python -m bench.report_file

In an SQLite database of its own, deleted afterwards. The floor is `csv.reader` over the same bytes.
"""

import csv
import io
import os
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import django

_FOLDER = tempfile.TemporaryDirectory()
os.environ["DATABASE_URL"] = f"sqlite:///{Path(_FOLDER.name) / 'bench.sqlite3'}"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sbk_portal.settings")
django.setup()

from django.core.management import call_command  # noqa: E402

from apps.bureau import reports  # noqa: E402
from apps.bureau.adapters import report_file  # noqa: E402
from apps.bureau.port import Report  # noqa: E402

LINES = 10_000
ROUNDS = 3
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def contents(round_number):
    return report_file.write(
        Report(
            reference=f"R{round_number}-{number}",
            order_reference=f"ABCD{number:012d}",
            kind="MADE",
            at=AT,
            card_number=f"A{number:08d}",
        )
        for number in range(LINES)
    )


def main():
    call_command("migrate", verbosity=0)
    files = [contents(number) for number in range(ROUNDS)]
    floor = milliseconds(lambda data: list(csv.reader(io.StringIO(data.decode()))), files)
    read = milliseconds(lambda data: report_file.read("x", data, at=AT), files)
    stored = milliseconds(store, files)
    repeated = milliseconds(store, files)
    for name, spent in [
        (f"floor: csv.reader over {LINES:,} lines", floor),
        ("read: checked line by line", read),
        ("read and stored", stored),
        ("read and stored again: a repeated file", repeated),
    ]:
        print(f"{name:46} {spent:8.1f} ms {spent / floor:8.2f} × floor")


def store(data):
    reports.store(file=report_file.read("x", data, at=AT), by=None, at=AT)


def milliseconds(work, files):
    spent = []
    for data in files:
        start = time.perf_counter()
        work(data)
        spent.append((time.perf_counter() - start) * 1000)
    return statistics.median(spent)


if __name__ == "__main__":
    main()
