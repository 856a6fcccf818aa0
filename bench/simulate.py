"""How long rows wait for the worker, at sizes that nobody has a machine for.

    .venv/bin/python -m bench.simulate TABLE.json [DAYS]

The rates come from TABLE.json, which `make bench JSON=TABLE.json` wrote. How many people there are
and what they do in a year are assumptions, which stand in this file; docs/scaling.md explains them.
Minute by minute, what falls due joins a queue (Poisson, with the hours of a working day), and each
worker process takes from it for as long as a sweep may run. The same days are played twice: once as
they are, and once with an hour in which all workers stand still.
"""

import json
import math
import random
import sys
from dataclasses import dataclass
from pathlib import Path

MINUTES = 24 * 60
# Of the day's visits, by hour. People come to such a portal in office hours.
HOURS = (1, 0, 0, 0, 0, 0, 1, 3, 9, 12, 11, 8, 5, 7, 9, 9, 8, 6, 3, 3, 2, 1, 1, 1)
SWEEP_SECONDS = 50  # of each minute in which a sweep works; the rest is its start and its end
BUSY = 0.6  # the part of the capacity for pages that is planned for
OUTAGE = range(10 * 60, 11 * 60)  # minutes of the second day without any worker


@dataclass(frozen=True)
class Habits:
    """What a person does in a year."""

    requests: float = 0.08
    losses: float = 0.02
    pages_of_a_request: float = 60
    pages_of_a_loss: float = 10
    events_of_a_request: float = 14
    messages_of_a_request: float = 7
    # The busiest day is so many times an average one: new staff arrive together.
    peak_day: float = 5


@dataclass(frozen=True)
class Place:
    name: str
    people: int
    workers: int  # processes that sweep


PLACES = (
    Place("a unit of 5,000", 5_000, 1),
    Place("a province of 10 million", 10_000_000, 1),
    Place("the largest province, 127 million", 127_000_000, 2),
)
COUNTRY = 1_400_000_000


def rates(path):
    rows = {row["name"]: row["ours"] for row in json.loads(Path(path).read_text("utf-8"))}
    return {
        "sweep": rows["expiry_sweep"],
        "report": rows["report_file_made"],
        "pages": pages_a_second(rows),
    }


def pages_a_second(rows):
    """Pages a second of the measured machine: the harmonic mean of what people load most."""
    mix = {"page_home": 3, "page_progress": 4, "page_form": 3}
    return sum(mix.values()) / sum(weight / rows[name] for name, weight in mix.items())


def poisson(dice, mean):
    """A Poisson number; for large means the normal one that is near it."""
    if mean > 50:
        return max(0, round(dice.gauss(mean, math.sqrt(mean))))
    product, number, limit = dice.random(), 0, math.exp(-mean)
    while product > limit:
        product *= dice.random()
        number += 1
    return number


def longest_queue(per_day, capacity, *, days, outage=range(0)):
    """(most rows, most minutes) that waited, where `capacity` rows a minute can be worked off.

    `outage` are the minutes of the second day in which nothing is worked off.
    """
    dice = random.Random(14)  # noqa: S311
    waiting, most, longest = 0.0, 0.0, 0.0
    for day in range(days):
        for minute in range(MINUTES):
            waiting += poisson(dice, per_day * HOURS[minute // 60] / sum(HOURS) / 60)
            is_stopped = day == 1 and minute in outage
            until_it_runs = outage.stop - minute if is_stopped else 0
            longest = max(longest, until_it_runs + waiting / capacity)
            waiting = max(0, waiting - (0 if is_stopped else capacity))
            most = max(most, waiting)
    return most, longest


def waits(per_day, capacity, *, days):
    most, longest = longest_queue(per_day, capacity, days=days)
    behind, late = longest_queue(per_day, capacity, days=days, outage=OUTAGE)
    return (
        f"{most:,.0f} wait over a minute, {longest * 60:,.0f} s at most; "
        f"after an hour without workers {behind:,.0f}, {late:,.0f} minutes"
    )


def main(path, days=3):
    habits, rate = Habits(), rates(path)
    for place in PLACES:
        day = place.people / 365 * habits.peak_day
        asked, lost = day * habits.requests, day * habits.losses
        capacity = rate["sweep"] * SWEEP_SECONDS * place.workers
        pages = asked * habits.pages_of_a_request + lost * habits.pages_of_a_loss
        busiest = pages * max(HOURS) / sum(HOURS) / 3600
        machines = math.ceil(busiest / rate["pages"] / BUSY)
        year = place.people * habits.requests
        print(f"{place.name}, {place.workers} sweeping process(es), the busiest day of the year")
        for what, number in (("requests accepted", asked), ("suspensions ended", lost)):
            print(f"  {what} {number:>12,.0f}: {waits(number, capacity, days=int(days))}")
        print(f"  cards in reports  {asked:>12,.0f}: read in {asked / rate['report']:,.0f} s")
        print(f"  pages a second    {busiest:>12,.1f}: {machines} machine(s) like the measured one")
        print(f"  events in a year  {year * habits.events_of_a_request:>12,.0f}")
        print(f"  messages in a year{year * habits.messages_of_a_request:>12,.0f}")
    print(f"the country: {COUNTRY / PLACES[1].people:.0f} times the province of 10 million, apart")


if __name__ == "__main__":
    main(*sys.argv[1:])
