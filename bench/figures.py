"""How long the figures of the desk's first page take over 200,000 events, beside counting them.

    .venv/bin/python -m bench.figures [REQUESTS]

The floor is one COUNT over the events of a year. What is measured is all that the page's charts ask
for, by the length of their window, and what it costs to keep the counts behind them: the floor of
that is to read the events. The peer reads the figures from the book, as no page does.
"""

import sys
import time

from apps.common.moments import start_of
from apps.events.models import Event
from apps.reporting import counting, figures, scan
from apps.reporting.kept import Counts
from apps.reporting.milestones import REACHED_BY
from bench import table
from bench.schema import make_tables
from bench.stage_durations import END, fill, milliseconds, report

REQUESTS = 30_000
ROUNDS = 5


def main(count=REQUESTS):
    make_tables()
    fill(count)
    counted = count_in_turns()
    begins_at = start_of(figures.Window(52, END).since)
    year = Event.objects.filter(action__in=REACHED_BY, at__gte=begins_at, at__lte=END)
    times = [(f"floor: COUNT of {year.count():,} events", milliseconds(year.count))]
    for weeks in (4, 12, 26, 52):
        found = milliseconds(lambda weeks=weeks: figures.collect(weeks=weeks, at=END))
        times.append((f"all figures of {weeks} weeks", found))
    times.append(("peer: 52 weeks, from the book", milliseconds(scanned)))
    report(times)
    if scanned() != figures.collect(weeks=52, at=END):
        raise SystemExit("the figures differ from those of the book")
    table.compare(
        "figures_of_a_year",
        ours=lambda: figures.collect(weeks=52, at=END),
        floor=year.count,
        unit="times a second",
    )
    table.note("figures_counting", unit="events a second", **counted)


def scanned():
    counts = Counts(beside=scan.tallies(), are_rows=False)
    return figures.figures_of(counts, weeks=52, at=END)


def count_in_turns():
    """{"ours", "floor"}: events a second that are counted, and that are only read, by rounds.

    Each round counts the whole book anew.
    """
    ours, floor = [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        number = sum(1 for _ in Event.objects.order_by("pk").values_list().iterator())
        floor.append(number / (time.perf_counter() - began))
        began = time.perf_counter()
        counting.count_anew()
        ours.append(number / (time.perf_counter() - began))
    return {"ours": ours, "floor": floor}


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
