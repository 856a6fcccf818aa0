"""The one table that `make bench` prints: ours beside a floor or a peer, as a ratio of rates.

A ratio of 1 means as fast as the floor; below 1 is slower. Both were run in turns by one process,
so that a busy machine slows both. BENCH_ROWS names a file to which rows are added, one JSON object
a line; `python -m bench.table FILE [JSON]` prints it as a table.
"""

import json
import os
import statistics
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

ROUNDS = 5


@dataclass(frozen=True)
class Row:
    """`ours` and `floor` are medians in `unit`; `spread` is that of the floor, as a part of it."""

    name: str
    ratio: float
    ours: float
    floor: float
    unit: str
    spread: float


def note(name, *, ours, floor, unit):
    """Add a row of rates: `ours` and `floor` hold one a round, measured in turns.

    Returns the row. `unit` says of what, as "requests a second".
    """
    row = Row(
        name=name,
        ratio=round(statistics.median(a / b for a, b in zip(ours, floor, strict=True)), 3),
        ours=round(statistics.median(ours), 1),
        floor=round(statistics.median(floor), 1),
        unit=unit,
        spread=round((max(floor) - min(floor)) / statistics.median(floor), 3),
    )
    if path := os.environ.get("BENCH_ROWS"):
        with Path(path).open("a", encoding="utf-8") as file:
            print(json.dumps(asdict(row)), file=file)
    print(as_line(row))
    return row


def compare(name, *, ours, floor, size=1, unit, rounds=ROUNDS):
    """Run `ours()` and `floor()` in turns, each over `size` units of work, and `note` the rates."""
    rates = {ours: [], floor: []}
    for _ in range(rounds):
        for work, kept in rates.items():
            began = time.perf_counter()
            work()
            kept.append(size / (time.perf_counter() - began))
    return note(name, ours=rates[ours], floor=rates[floor], unit=unit)


def as_line(row):
    return (
        f"{row.name:28} {row.ratio:8.3f}  ours {row.ours:>12,.1f}  floor {row.floor:>12,.1f} "
        f"{row.unit} (floor ±{row.spread / 2:.0%})"
    )


def main(path, copy=None):
    rows = [Row(**json.loads(line)) for line in Path(path).read_text("utf-8").splitlines()]
    for row in rows:
        print(as_line(row))
    if copy:
        kept = [
            {key: value for key, value in asdict(row).items() if key != "spread"} for row in rows
        ]
        Path(copy).write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
