"""How quickly the reports of 100,000 cards are applied as the portal is deployed.

    .venv/bin/python -m bench.report_deployed [LINES]

As many processes as there are cores apply the stored lines side by side, each commits its sets, and
one makes the messages meanwhile, until nothing is left. The floor are the bare statements in as
many processes, of which one then writes the messages by one more statement. Each has lines of its
own, in turns.
"""

import gc
import multiprocessing
import os
import sys
import time

from django.db import connection, transaction

from apps.bureau import applying
from apps.bureau.models import BureauReport
from apps.notices import services
from apps.notices.models import Notice
from apps.notices.tasks import EVENTS
from bench import table
from bench.contested_moves import let_go
from bench.report_file import store
from bench.report_rows import AT, analyze, contents, fill, last_event, skip_messages
from bench.report_statements import MADE, note_numbers, run, tell
from bench.schema import make_tables

FORK = multiprocessing.get_context("fork")
LINES = 100_000
ROUNDS = 2
# SQLite has one writer at a time.
WORKERS = len(os.sched_getaffinity(0)) if connection.vendor == "postgresql" else 1
MOMENT = 0.05
TICK = 1.0  # seconds between two searches for something to tell; a worker has ten


def main(lines=LINES):
    make_tables()
    size, first = lines // ROUNDS, 0
    rates = {bare: [], ours: []}
    for _ in range(ROUNDS):
        for way, kept in rates.items():
            fill(size, first=first)
            skip_messages()
            store(contents(size, "MADE", first=first))
            note_numbers()
            analyze()
            told = Notice.objects.count()
            kept.append(size / seconds(way))
            told = Notice.objects.count() - told
            if BureauReport.objects.open().exists() or told != 2 * size + len(range(0, size, 10)):
                raise SystemExit("not all reports were applied and told")
            first += size
    table.note("report_deployed", ours=rates[ours], floor=rates[bare], unit="lines a second")


def seconds(way):
    gc.collect()
    gc.freeze()  # as the workers begin (sbk_portal/celery.py)
    let_go()
    began = time.perf_counter()
    way()
    return time.perf_counter() - began


def bare():
    last = last_event()
    finish([started(run_part, part) for part in range(WORKERS)])
    tell(last=last)


@transaction.atomic
def run_part(part):
    run(MADE, part=part, parts=WORKERS)


def ours():
    is_over = FORK.Event()
    telling = started(tell_all, is_over)
    finish([started(apply_all) for _ in range(WORKERS)])
    is_over.set()
    finish([telling])


def apply_all():
    while BureauReport.objects.open().exists():
        if not applying.apply_due(at=AT):
            time.sleep(MOMENT)  # others hold what is left


def tell_all(is_over):
    is_last = False
    while not is_last:
        is_last = is_over.wait(TICK)
        services.collect(at=AT, limit=EVENTS)


def started(work, *args):
    let_go()
    process = FORK.Process(target=work, args=args)
    process.start()
    return process


def finish(processes):
    for process in processes:
        process.join()
        if process.exitcode:
            raise SystemExit("a process failed")


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
