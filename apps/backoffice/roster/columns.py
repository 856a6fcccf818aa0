"""What the page on which columns are matched shows of a file."""

from itertools import islice

from apps.roster import headings
from apps.roster.locating import first_lines

_SAMPLES = 3
_SHOWN = 3  # first characters of a long value that are shown
_LONG = 6


def possible_headings(table):
    """Pairs of line and texts: the first rows of `table` that can be its headings."""
    rows = ((line, headings.texts_of(cells)) for line, cells in first_lines(table))
    return [(line, texts) for line, texts in rows if headings.can_be_headings(texts)]


def samples(located):
    """For each column of `located` the values of its first rows, covered but for their start."""
    line, width = located.headings.line, len(located.headings.texts)
    below = (cells for each, cells in located.table.lines() if each > line)
    rows = list(islice(below, _SAMPLES))
    return [
        [_covered(cells[place].text) for cells in rows if place < len(cells) and cells[place].text]
        for place in range(width)
    ]


def _covered(text):
    if len(text) < 2:
        return text
    return text[: _SHOWN if len(text) >= _LONG else 1] + "***"
