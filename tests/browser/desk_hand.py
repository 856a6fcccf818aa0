"""Counts what a reviewer's hand does at the desk, and how long the program takes meanwhile.

A stroke is a key or a click; a text that is typed into one field is one stroke, however long it is.
A load is a page that the browser opens. The time is what passes between a stroke and the page that
follows it, with its pictures: the person's own time is not in it.

docs/desk.md has the table of it. Its counts are compared, its times are not.
"""

import time
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.source_code import ROOT

TABLE = ROOT / "docs" / "desk.md"
HEAD = "| 怎样办 | 件数 | 按键、点击 | 打开页面 | 程序每件用时 |"


@dataclass
class Way:
    """What was done in one way: `cases` in `times` turns (for each `unit` a turn)."""

    unit: str
    cases: int = 0
    times: int = 0
    strokes: int = 0
    loads: int = 0
    seconds: float = 0

    @property
    def counts(self):
        """Strokes and loads of one turn, as words."""
        return tuple(f"每{self.unit} {all / self.times:g}" for all in (self.strokes, self.loads))


@dataclass
class DeskHand:
    """The hand of a reviewer at `page`. What it does counts for the way that `on` named last."""

    page: object
    ways: dict[str, Way] = field(default_factory=dict)
    way: Way | None = None

    def on(self, name, *, cases=1, unit="件"):
        """What follows is one turn of the way `name`, on `cases` cases."""
        self.way = self.ways.setdefault(name, Way(unit))
        self.way.cases += cases
        self.way.times += 1

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.way.strokes += 1

    def click(self, target):
        target.click()
        self.way.strokes += 1

    def choose(self, target, value):
        """Choose `value` in a list."""
        target.select_option(value)
        self.way.strokes += 1

    def type(self, text):
        """Type `text` into the field that has the focus."""
        self.page.keyboard.type(text)
        self.way.strokes += 1

    @contextmanager
    def loading(self):
        """The strokes of the block open a page; it is there afterwards."""
        begun = time.perf_counter()
        with self.page.expect_navigation(wait_until="load"):
            yield
        self.way.seconds += time.perf_counter() - begun
        self.way.loads += 1

    def sum(self, name):
        return sum(getattr(way, name) for way in self.ways.values())


def counts_on_file():
    """Way → its counts in docs/desk.md."""
    rows = [line.strip("| ").split(" | ") for line in _parts()[1]]
    return {name: (strokes, loads) for name, _, strokes, loads, _ in rows}


def write(hand):
    """Put what `hand` did into the table of docs/desk.md."""
    before, _, after = _parts()
    rows = [_row(name, way, way.counts) for name, way in hand.ways.items()]
    lines = [*before, *rows, *after]
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _row(name, way, counts):
    each = f"{way.seconds / way.cases:.2f} 秒" if way.cases else "—"
    return f"| {' | '.join([name, str(way.cases or '—'), *counts, each])} |"


def _parts():
    """The lines of docs/desk.md: up to the table's head, its rows, and the rest."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    first = lines.index(HEAD) + 2
    length = next(number for number, line in enumerate(lines[first:]) if not line.startswith("|"))
    return lines[:first], lines[first : first + length], lines[first + length :]
