"""How quickly the lines of batches are written as files for the card bureau.

    .venv/bin/python -m bench.batch_file [LINES]

One batch of LINES lines, beside `csv.writer` over the same rows into a file. Ours also checks each
line, writes the manifest with its checksums, and waits until the disk has everything. 1,000 lines
are read from the database, the others repeat them under references of their own. Pictures are left
out: each of them is a file, and the disk sets the rate.
"""

import csv
import io
import sys
import tempfile
import time
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path

from apps.bureau import order_lines
from apps.bureau.adapters import order_file
from apps.bureau.models import ProductionBatch
from apps.bureau.tasks import BATCH
from apps.cards.models import CardRequest
from apps.delivery.models import Shipment
from apps.requests.models import Particulars
from bench import table
from bench.report_rows import AT, fill
from bench.schema import make_tables

LINES = 100_000


def main(lines=LINES):
    make_tables()
    fill(min(lines, 1_000))
    fill_particulars()
    some, rate = read()
    every = [
        replace(line, reference=f"{number:04d}{line.reference[4:]}")
        for number in range(-(-lines // len(some)))
        for line in some
    ]
    rows = [as_row(line) for line in every]
    with tempfile.TemporaryDirectory() as folder:
        places = (Path(folder) / str(number) for number in count())  # one for each measurement
        table.compare(
            "batch_file",
            ours=lambda: write(next(places), every),
            floor=lambda: write_bare(next(places), rows),
            size=len(every),
            unit="lines a second",
        )
        began = time.perf_counter()
        for first in range(0, len(every), BATCH):
            write(next(places), every[first : first + BATCH])
        as_sent = len(every) / (time.perf_counter() - began)
    print(f"in batches of {BATCH}, as they are sent: {as_sent:,.0f} lines a second")
    both = 1 / (1 / rate + 1 / as_sent)
    print(f"from the database to the disk: {both:,.0f} lines a second")
    print(f"read from the database and decrypted: {rate:,.0f} lines a second")


def read():
    """The lines of the batch in the database, and the best rate at which they were read."""
    batch, rates = ProductionBatch.objects.get(), []
    for _ in range(table.ROUNDS):
        began = time.perf_counter()
        lines, faults = order_lines.of_batch(batch, with_particulars=True)
        rates.append(len(lines) / (time.perf_counter() - began))
        if faults:
            raise SystemExit(f"not every line can be read: {faults}")
    return lines, max(rates)


def as_row(line):
    values = [line.particulars[name] for name in order_lines.columns()]
    return [line.reference, line.city_code, line.bank_code, *values, ""]


def write(folder, lines):
    order_file.write(folder, folder.name, lines, created_at=AT)


def write_bare(folder, rows):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    folder.with_suffix(".csv").write_bytes(out.getvalue().encode())


def fill_particulars():
    """What the file says of each request, without a portrait; every card goes by mail."""
    requests = list(CardRequest.objects.select_related("holder"))
    Particulars.objects.bulk_create(
        Particulars(
            card_request=one,
            saved_at=AT,
            saved_by_id=one.applicant_id,
            name=one.holder.name,
            id_number=one.holder.id_number,
            birth_date=one.holder.birth_date,
            sex="1",
            ethnicity="01",
            phone="13800138000",
            address="山东省济南市历下区经十路 1 号",
            occupation="2000000",
            id_valid_from=date(2020, 1, 1),
            id_valid_until=date(2040, 1, 1),
        )
        for one in requests
    )
    Shipment.objects.bulk_create(
        Shipment(
            card_request=one,
            method="MAIL",
            recipient=one.holder.name,
            phone="13800138000",
            province=one.city.province,
            city=one.city,
            address="历下区经十路 1 号",
            postcode="250000",
            tier="SAME_CITY",
            postage_fen=1000,
            saved_at=AT,
            saved_by_id=one.applicant_id,
        )
        for one in CardRequest.objects.select_related("holder", "city__province")
    )


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
