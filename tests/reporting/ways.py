"""Figures read from the book, from the newest events, and from what was counted: all the same."""

from apps.reporting import counting, figures, scan
from apps.reporting.kept import Counts


def collect_each_way(*, weeks, at):
    """The `Figures`, which must not depend on what was counted so far."""
    scanned = Counts(beside=scan.tallies(), are_rows=False)
    wanted = figures.figures_of(scanned, weeks=weeks, at=at)
    assert figures.collect(weeks=weeks, at=at) == wanted
    counting.count_events()
    assert figures.collect(weeks=weeks, at=at) == wanted
    return wanted
