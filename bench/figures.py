"""How long the figures of the desk's first page take over 200,000 events, beside counting them.

    .venv/bin/python -m bench.figures [REQUESTS]

The floor is one COUNT over the events of a year. What is measured is all that the page's charts ask
for, by the length of their window; the page keeps it for a minute.
"""

import sys

from apps.reporting import durations, figures
from bench import table
from bench.schema import make_tables
from bench.stage_durations import END, fill, milliseconds, report

REQUESTS = 30_000


def main(count=REQUESTS):
    make_tables()
    fill(count)
    year = figures.Window(52, END)
    events = year.events(*figures.REACHED_BY)
    times = [(f"floor: COUNT of {events.count():,} events", milliseconds(events.count))]
    for weeks in (4, 12, 26, 52):
        found = milliseconds(lambda weeks=weeks: figures.collect(weeks=weeks, at=END))
        times.append((f"all figures of {weeks} weeks", found))
    measured = durations.measure(since=year.begins_at, at=END)
    times += [
        ("of 52 weeks: requests per week", milliseconds(lambda: figures.weekly(year))),
        ("of 52 weeks: funnel", milliseconds(lambda: figures.funnel(year))),
        ("of 52 weeks: places", milliseconds(lambda: figures.places(year, measured))),
        (
            "of 52 weeks: time in each stage",
            milliseconds(lambda: durations.measure(since=year.begins_at, at=END)),
        ),
    ]
    report(times)
    table.compare(
        "figures_of_a_year",
        ours=lambda: figures.collect(weeks=52, at=END),
        floor=year.events(*figures.REACHED_BY).count,
        unit="times a second",
    )


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
