"""The geometry of the charts on the first page: numbers in, places of bars and words out.

All lengths are units of the chart's own `viewBox`, about a pixel each. Every scale begins at zero
and words are placed so that no two of them overlap. `templates/backoffice/start/` draws what is
here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from apps.backoffice.start.shapes import (
    SMALL_DIGIT,
    SMALL_HAN,
    ChartBar,
    ChartText,
    round_up,
    steps_to,
)

# --- Requests per week: one small panel for each milestone, all on the same scale


@dataclass(frozen=True)
class Panel:
    """How often one thing happened in each week. `top` is the number at the upper grid line."""

    WIDTH = 160
    HEIGHT = 96
    LEFT = 26
    UPPER = 18
    BASE = 78

    title: str
    total: int
    this_week: int
    top: int
    bars: list[ChartBar]
    best: ChartText | None
    weeks: list[ChartText]

    @property
    def grid(self):
        """(y, number) of the two grid lines."""
        return [(self.UPPER, self.top), (self.BASE, 0)]


def panels(series: Sequence[tuple[str, list[int]]], mondays: list[date]) -> list[Panel]:
    """A `Panel` for every (title, number in each of the weeks that begin on `mondays`)."""
    top = round_up(max([1, *(max(numbers) for _, numbers in series)]))
    return [_panel(title, numbers, mondays, top) for title, numbers in series]


def _panel(title, numbers, mondays, top):
    pitch = (Panel.WIDTH - Panel.LEFT) / len(numbers)
    gap = min(pitch * 0.25, 4)
    bars = []
    for index, number in enumerate(numbers):
        height = (Panel.BASE - Panel.UPPER) * number / top
        bars.append(
            ChartBar(
                x=round(Panel.LEFT + index * pitch + gap / 2, 2),
                y=round(Panel.BASE - height, 2),
                width=round(pitch - gap, 2),
                height=round(height, 2),
                is_open=index == len(numbers) - 1,
            )
        )
    first = f"{mondays[0].month}月{mondays[0].day}日"
    return Panel(
        title=title,
        total=sum(numbers),
        this_week=numbers[-1],
        top=top,
        bars=bars,
        best=_best(numbers, bars),
        weeks=[
            ChartText(Panel.LEFT, Panel.HEIGHT - 4, first),
            ChartText(Panel.WIDTH, Panel.HEIGHT - 4, "本周", "end"),
        ],
    )


def _best(numbers, bars):
    """The number of the best week, placed above its bar; none if all numbers are 0."""
    index = max(range(len(numbers)), key=lambda index: (numbers[index], index))
    if not numbers[index]:
        return None
    bar = bars[index]
    text = ChartText(bar.x + bar.width / 2, bar.y - 4, str(numbers[index]), "middle")
    left, right = text.extent(SMALL_DIGIT, SMALL_HAN)
    if right > Panel.WIDTH:
        return ChartText(Panel.WIDTH, text.y, text.words, "end")
    return ChartText(Panel.LEFT, text.y, text.words) if left < Panel.LEFT else text


# --- The way of the requests of a window, from the submission to the card in use


@dataclass(frozen=True)
class FunnelRow:
    label: ChartText
    bar: ChartBar
    number: ChartText
    note: ChartText | None
    reached: int
    percent: int
    waiting: int
    ended: int


@dataclass(frozen=True)
class Funnel:
    WIDTH = 340
    PITCH = 46
    LEFT = 62
    RIGHT = 246
    BAR = 20

    rows: list[FunnelRow]

    @property
    def height(self):
        return len(self.rows) * self.PITCH - (self.PITCH - self.BAR) + 4


def funnel(steps) -> Funnel:
    """`steps` as of `figures.funnel`: what reached each, what stopped before the next, and why."""
    whole = steps[0].reached
    rows = []
    for index, step in enumerate(steps):
        y = index * Funnel.PITCH
        width = (Funnel.RIGHT - Funnel.LEFT) * step.reached / whole if whole else 0
        percent = percentage(step.reached, whole)
        following = steps[index + 1] if index + 1 < len(steps) else None
        ended = step.ended - following.ended if following else 0
        waiting = step.reached - following.reached - ended if following else 0
        rows.append(
            FunnelRow(
                label=ChartText(0, y + 15, step.milestone.label),
                bar=ChartBar(Funnel.LEFT, y, round(width, 2), Funnel.BAR),
                number=ChartText(
                    round(Funnel.LEFT + width + 6, 2), y + 15, f"{step.reached} 件 {percent}%"
                ),
                note=_note(y, waiting, ended),
                reached=step.reached,
                percent=percent,
                waiting=waiting,
                ended=ended,
            )
        )
    return Funnel(rows)


def percentage(part, whole):
    """In whole percent: 100 only for all, 0 only for none."""
    if not part or not whole:
        return 0
    if part == whole:
        return 100
    return min(max(round(100 * part / whole), 1), 99)


def _note(y, waiting, ended):
    parts = [f"{waiting} 件还在这步"] if waiting else []
    parts += [f"{ended} 件已终止"] if ended else []
    return ChartText(Funnel.LEFT, y + 36, "，".join(parts)) if parts else None


# --- How long the stages take


@dataclass(frozen=True)
class LengthRow:
    """`usual` reaches to the median, `most` from there to the 90th percentile."""

    label: ChartText
    usual: ChartBar | None
    most: ChartBar | None
    words: ChartText
    length: object


@dataclass(frozen=True)
class Lengths:
    """`promise_x` is where the promise of the review lies."""

    WIDTH = 340
    PITCH = 54
    LEFT = 42
    RIGHT = 328
    BAR = 18
    HEAD = 22

    rows: list[LengthRow]
    ticks: list[ChartText]
    promise_x: float
    promise: ChartText

    @property
    def height(self):
        return self.HEAD + len(self.rows) * self.PITCH + 10

    @property
    def base(self):
        """The lower end of the grid lines."""
        return self.height - 18

    @property
    def first_row_end(self):
        return self.HEAD + self.BAR + 4


def lengths(stages, *, promise_days) -> Lengths:
    """`stages` as of `figures.lengths`; the review, the first, is promised in `promise_days`."""
    longest = max([promise_days, *(stage.p90_days or 0 for stage in stages)])
    top = round_up(longest)

    def x(days):
        return round(Lengths.LEFT + (Lengths.RIGHT - Lengths.LEFT) * days / top, 2)

    rows = []
    for index, stage in enumerate(stages):
        y = Lengths.HEAD + index * Lengths.PITCH
        usual = most = None
        words = "还没有办完的"
        if stage.median_days is not None:
            usual = ChartBar(Lengths.LEFT, y, x(stage.median_days) - Lengths.LEFT, Lengths.BAR)
            start = x(stage.median_days)
            most = ChartBar(start, y, round(x(stage.p90_days) - start, 2), Lengths.BAR)
            words = f"一半 {_within(stage.median_days)}，九成 {_within(stage.p90_days)}"
        rows.append(
            LengthRow(
                label=ChartText(0, y + 14, stage.stage.label),
                usual=usual,
                most=most,
                words=ChartText(Lengths.LEFT, y + Lengths.BAR + 17, words),
                length=stage,
            )
        )
    base = Lengths.HEAD + len(stages) * Lengths.PITCH + 6
    ticks = [ChartText(x(days), base, str(days), "middle") for days in steps_to(top)]
    at_promise = x(promise_days)
    words = f"承诺 {promise_days} 天"
    promise = ChartText(at_promise + 5, 13, words)
    if promise.extent(SMALL_DIGIT, SMALL_HAN)[1] > Lengths.WIDTH:
        promise = ChartText(at_promise - 5, 13, words, "end")
    return Lengths(rows, ticks, at_promise, promise)


def _within(days):
    return f"{days} 天内" if days else "当天"


# --- City by city and bank by bank


@dataclass(frozen=True)
class PlaceRow:
    place: object
    width: float  # of 100, the most requests of any place


@dataclass(frozen=True)
class Places:
    """The busiest places, and what all others have together."""

    rows: list[PlaceRow]
    others: int
    submitted: int
    in_hand: int
    overdue: int


def places(found, *, limit=6) -> Places:
    """`found` as of `figures.places`, the most requests first."""
    most = max([1, *(place.submitted for place in found)])
    rest = found[limit:]
    return Places(
        rows=[PlaceRow(place, round(100 * place.submitted / most, 1)) for place in found[:limit]],
        others=len(rest),
        submitted=sum(place.submitted for place in rest),
        in_hand=sum(place.in_hand for place in rest),
        overdue=sum(place.overdue for place in rest),
    )
