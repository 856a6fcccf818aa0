"""What a page loses while a worker sweeps and applies a report file, beside the same page alone.

    .venv/bin/python -m bench.busy_pages [LINES [SECONDS]]

In turns each page is loaded over 16 connections alone for SECONDS, and then for as long as another
process ends LINES suspensions and reads, stores and applies a report file of LINES lines, as a
worker does. The ratio is that of the slow answers (the 95th of a hundred): 0.5 is twice as slow.
"""

import sys
from datetime import timedelta
from itertools import count

from django.core.management import call_command
from django.db.models import F

from apps.bureau import applying, reports
from apps.bureau.adapters import report_file
from apps.cards.enums import CardAction, CardStatus
from apps.cards.models import Card
from apps.events.enums import AS_WORKER
from apps.lifecycle.sweep import move_all
from bench import filling, report_rows, table
from bench.contested_moves import let_go
from bench.loads import Load, check_page, served
from bench.pages import pages
from bench.peers.contest import FORK
from bench.report_rows import AT
from bench.schema import make_tables


def main(lines=2_000, seconds=2):
    make_tables()
    size = 2 * table.ROUNDS * lines  # each page in each round has lines of its own
    filling.fill(2 * size)
    call_command("demo_town", verbosity=0)
    report_rows.fill(size)
    suspend(lines, size)
    turns = count()
    with served() as port:
        for name, (url, cookie, shown) in open_all_day().items():
            check_page(port, url, cookie, shown)
            alone, busy = [], []
            for _ in range(table.ROUNDS):
                alone.append(1 / Load(port, url, cookie, seconds).p95)
                busy.append(1 / beside_work(port, url, cookie, next(turns), lines))
            table.note(name, ours=busy, floor=alone, unit="slow answers a second")


def open_all_day():
    """{name: (address, cookie, what it must show)} of the two pages that are open all day."""
    known = pages()
    return {f"busy_{name}": known[name] for name in ("page_home", "page_queue")}


def suspend(lines, size):
    """Suspend the cards of `size` people, `lines` of them so that they are due at each turn."""
    active = Card.objects.filter(status=CardStatus.ACTIVE, holder__user__is_staff=False)
    keys = list(active.order_by("-pk").values_list("pk", flat=True)[:size])
    for turn, first in enumerate(range(0, size, lines)):
        Card.objects.filter(pk__in=keys[first : first + lines]).update(
            status=CardStatus.SUSPENDED,
            status_since=AT - timedelta(days=8),
            suspended_until=due_at(turn) - timedelta(seconds=1),
        )


def due_at(turn):
    return AT + timedelta(minutes=turn)


def beside_work(port, url, cookie, turn, lines):
    """The slow answers of the page while another process does the work of `turn`, in seconds."""
    let_go()
    work = FORK.Process(target=do, args=(turn, lines))
    work.start()
    load = Load(port, url, cookie, is_over=lambda: not work.is_alive())
    work.join()
    if work.exitcode:
        raise SystemExit("the work beside the pages failed")
    return load.p95


def do(turn, lines):
    """Sweep, then take a report file, each as the tasks of the worker do."""
    at = due_at(turn)
    due = Card.objects.suspension_over(at).order_by("suspended_until", "pk")
    move_all(due, CardAction.EXPIRE, at=at, due_at=F("suspended_until"), **AS_WORKER)
    data = report_rows.contents(lines, "MADE", first=turn * lines)
    reports.store(file=report_file.read(f"{turn}", data, at=at), by=None, at=at)
    applying.apply_due(at=at, limit=lines)
    let_go()


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
