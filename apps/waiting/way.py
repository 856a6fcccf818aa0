"""The way of a paid request in days: how long its parts took, and how long they may still take.

Pages draw it as a bar of true lengths with the number of days that are left.
"""

from dataclasses import dataclass, replace
from datetime import date

from apps.cards.enums import RequestAction, Stage
from apps.common.moments import day_of
from apps.requests.promises import STAGE_OF_STATUS
from apps.waiting.timeline import expected_dates, latest_date

# A part that took less than a day is drawn as half of one.
_LEAST = 0.5
# What lies between two parts, in percent of the bar.
_GAP = 0.8


@dataclass(frozen=True)
class Stretch:
    """One part of the way: `days` are calendar days, of which `passed` are over.

    `left`, `width` and `done` are percent of the whole bar: where it begins, how long it is, and
    how much of it is over. `words` say the same as the drawing.
    """

    words: str
    days: int
    passed: int
    is_over: bool
    is_current: bool
    left: float = 0
    width: float = 0
    done: float = 0

    @property
    def mark(self):
        """Where the present day is on the bar, in percent."""
        return round(self.left + self.done, 2)


@dataclass(frozen=True)
class RequestWay:
    """`share` is how much of the whole is over, in percent.

    `arrives_date` is the day on which the card is expected, None once the last part is late;
    `latest_date` is the last day in time.
    """

    stretches: tuple[Stretch, ...]
    share: int
    today: date
    arrives_date: date | None
    latest_date: date

    @property
    def days_left(self):
        """Calendar days until the card is expected; None once it is late."""
        return (self.arrives_date - self.today).days if self.arrives_date else None

    @property
    def current(self):
        return next(stretch for stretch in self.stretches if stretch.is_current)


# The parts as people see them: name, the stages in it, and the node at its end.
_PARTS = (
    ("审核", (Stage.REVIEW,), RequestAction.APPROVE),
    ("制作", (Stage.PRODUCE, Stage.DISPATCH), RequestAction.DISPATCH),
    ("送达", (Stage.DELIVER,), RequestAction.COLLECT),
)


def way(card_request, times, *, at):
    """The `RequestWay` of `card_request` at the moment `at`; None while no stage is under way.

    `times` is stage → `StageTime` (`promises.stage_times`). The request comes from
    `with_milestones()`.
    """
    stage = STAGE_OF_STATUS.get(card_request.status)
    if stage is None:
        return None
    today, since = day_of(at), day_of(card_request.status_since)
    now = next(number for number, part in enumerate(_PARTS) if stage in part[1])
    expected = expected_dates(card_request, at=at, times=times)
    begins = day_of(card_request.accepted_at or card_request.status_since)
    # The last days of the parts that are over.
    over = [day_of(card_request.approved_at or card_request.status_since), since][:now]
    parts = []
    for number, (name, _, node) in enumerate(_PARTS):
        ends = over[number] if number < now else expected.get(node, max(today, begins))
        parts.append(_stretch(name, begins, ends, today, number - now))
        begins = ends
    drawn = _drawn(parts)
    return RequestWay(
        stretches=drawn,
        share=_share(drawn),
        today=today,
        arrives_date=expected.get(RequestAction.COLLECT),
        latest_date=latest_date(card_request, times, day=today),
    )


def _stretch(name, begins, ends, today, place):
    """`place` is below 0 for a part that is over, and 0 for the one under way."""
    days = max((ends - begins).days, 0)
    passed = min(max((today - begins).days, 0), days)
    if place < 0:
        words, passed = (f"{name} {days} 天" if days else f"{name} 当天"), days
    elif place == 0:
        words = f"{name}第 {passed} 天，约共 {days} 天" if passed else f"{name}，约 {days} 天"
    else:
        words, passed = (f"{name}约 {days} 天" if days else f"{name}当天"), 0
    return Stretch(words, days, passed, is_over=place < 0, is_current=place == 0)


def _drawn(parts):
    """The parts with their places on the bar."""
    lengths = [max(part.days, _LEAST) for part in parts]
    room = 100 - _GAP * (len(parts) - 1)
    left = 0.0
    drawn = []
    for part, length in zip(parts, lengths, strict=True):
        width = room * length / sum(lengths)
        over = 1 if part.is_over else part.passed / length
        placed = replace(
            part, left=round(left, 2), width=round(width, 2), done=round(width * over, 2)
        )
        drawn.append(placed)
        left += width + _GAP
    return tuple(drawn)


def _share(stretches):
    return round(sum(stretch.done for stretch in stretches))
