"""Counts what a person does from the signed-in home page to the end of a matter.

A tap is a click, a tick, a choice in a list or the choice of a file. Text that is typed into one
box is one field, however long it is; a one-time code is one. Loading another page counts as a
page. Links and buttons that the person doesn't need are not pressed.

A story is a function that takes a `Hand` and the holder, and is registered by `story`. Its limits
are what the portal promises; docs/journeys.md says what was measured.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.source_code import ROOT

TABLE = ROOT / "docs" / "journeys.md"
INTRODUCTION = """\
# How many taps a matter takes

Counted in Chromium on a phone (390 × 844), from the signed-in home page. `make journeys` measures
it and writes this file; `tests/browser/test_taps.py` fails when a number changes or is above what
is promised. A tap is a click, a tick, a choice in a list or the choice of a file. Text typed into
one box is one field, and a one-time code is one. The sign-in is more than ten minutes ago, so that
the password counts where it is asked for. Who replaces a card has given the agreements before.

| Matter | Taps | Promised | Fields | Promised | Files | Pages | Before |
|---|--:|--:|--:|--:|--:|--:|---|
"""


@dataclass(frozen=True)
class Story:
    """One matter. `prepare(holder)` brings the holder to its beginning."""

    title: str
    most_taps: int
    most_fields: int
    before: str
    walk: Callable
    prepare: Callable


STORIES: dict[str, Story] = {}


def _nothing(holder):
    """The holder can begin at once."""


def story(name, *, title, most_taps, most_fields, before, prepare=_nothing):
    """Register the decorated function `walk(hand, holder)` as the story `name`."""

    def register(walk):
        STORIES[name] = Story(title, most_taps, most_fields, before, walk, prepare)
        return walk

    return register


@dataclass
class Hand:
    """The hand of a person at `page`; it counts what it does.

    `interlude()` is for what others do meanwhile: nothing in it counts.
    """

    page: object
    taps: int = 0
    fields: int = 0
    files: int = 0
    pages: int = 0
    log: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.page.on("framenavigated", self._navigated)

    def _navigated(self, frame):
        if frame == self.page.main_frame:
            self.pages += 1

    def tap(self, target):
        """Click `target`: a locator, or the words of a button or link."""
        if isinstance(target, str):
            words = re.compile(rf"^{re.escape(target)}")
            button = self.page.get_by_role("button", name=words)
            target = button.or_(self.page.get_by_role("link", name=words)).filter(visible=True)
        target.first.click()
        self._count(f"tap {target}")

    def tick(self, label):
        """Tick a box or choose a radio button by its label."""
        self.page.get_by_label(label).check()
        self._count(f"tick {label}")

    def choose(self, label, value):
        """Choose `value` in the list with this label."""
        self.page.get_by_label(label).select_option(value)
        self._count(f"choose {label}")

    def pick_file(self, label, file):
        """Choose a file for the input with this label."""
        self.page.get_by_label(label).set_input_files(file)
        self.files += 1
        self._count(f"file {label}")

    def type(self, label, text):
        """Type `text` into the box with this label, key by key."""
        box = self.page.get_by_label(label)
        if box.get_attribute("type") == "date":  # its parts stand in the order of the system
            box.fill(text)
        else:
            box.press_sequentially(text)
        self.fields += 1
        self.log.append(f"type {label}")

    def _count(self, what):
        self.taps += 1
        self.log.append(what)


def row(told, hand):
    """The line of the table about the `Story` `told`, as `hand` walked it."""
    cells = [told.title, hand.taps, f"≤ {told.most_taps}", hand.fields, f"≤ {told.most_fields}"]
    return f"| {' | '.join(map(str, [*cells, hand.files, hand.pages, told.before]))} |"


def rows_on_file():
    """Title → line of the table as it is in docs/journeys.md."""
    lines = TABLE.read_text(encoding="utf-8").splitlines() if TABLE.exists() else []
    rows = [line for line in lines if line.startswith("| ")]
    return {line.split(" | ")[0].removeprefix("| "): line for line in rows[1:]}


def write(told, hand):
    """Put the line of `told` into docs/journeys.md, in the order of the stories."""
    rows = rows_on_file() | {told.title: row(told, hand)}
    lines = [rows[one.title] for one in STORIES.values() if one.title in rows]
    TABLE.write_text(INTRODUCTION + "\n".join(lines) + "\n", encoding="utf-8")
