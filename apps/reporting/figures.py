"""How many requests passed which stage, how long that took, and where requests are now.

Read from the counts that `counting` keeps, so a page costs the same for ten requests and for a
million. Weeks begin on Monday, days at midnight, in Asia/Shanghai.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from apps.cards.enums import REQUEST_ENDED_WITHOUT_CARD, Stage
from apps.common.moments import day_of
from apps.common.working_days import begun_before
from apps.regions.models import Bank, City, CityRule
from apps.reporting import durations, kept
from apps.reporting.enums import Milestone
from apps.reporting.milestones import ORDER, STANDS_AT, WEEKLY
from apps.reporting.models import InHandCount, StandingCount, StepCount
from apps.reporting.shares import monday_of
from apps.requests import promises

WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Window:
    """A number of weeks. The week in which the moment `at` lies is the last of them."""

    weeks: int
    at: datetime

    @property
    def mondays(self):
        """The first day of each week, the oldest first."""
        this = monday_of(day_of(self.at))
        return [this - number * WEEK for number in reversed(range(self.weeks))]

    @property
    def since(self):
        """Its first day."""
        return self.mondays[0]


@dataclass(frozen=True)
class MilestoneFigures:
    """Of the requests submitted in a window: how many `reached` a milestone, and `ended` after it.

    A request that neither reached the next milestone nor ended is still under way.
    """

    milestone: Milestone
    reached: int
    ended: int


@dataclass(frozen=True)
class StageLength:
    """Working days of a stage as finished in a window; without a case `median_days` is None."""

    stage: Stage
    sample: int
    median_days: int | None = None
    p90_days: int | None = None


@dataclass(frozen=True)
class PlaceFigures:
    """The requests of one city and bank.

    `submitted` in the window; `in_hand` now, of which `overdue` past the promise of their stage.
    """

    city: str
    bank: str
    submitted: int
    in_hand: int
    overdue: int
    review_days: int | None


@dataclass(frozen=True)
class Figures:
    """The data of all charts. It contains no personal data.

    `uncounted`: about how many events are not in it yet; 0 unless much happened just now.
    """

    at: datetime
    mondays: list[date]
    weekly: dict[Milestone, list[int]]
    lengths: list[StageLength]
    steps: list[MilestoneFigures]
    places: list[PlaceFigures]
    uncounted: int = 0

    @property
    def is_empty(self):
        return not (self.places or self.uncounted or any(map(any, self.weekly.values())))


def collect(*, weeks, at):
    """The `Figures` of the `weeks` up to `at`."""
    with kept.counts() as counts:
        return figures_of(counts, weeks=weeks, at=at)


def figures_of(counts, *, weeks, at):
    """The `Figures` of the `weeks` up to `at`, read from `counts`."""
    window = Window(weeks, at)
    measured = durations.measured(counts, since=window.since)
    return Figures(
        at=at,
        mondays=window.mondays,
        weekly=_weekly(counts, window),
        lengths=_lengths(measured),
        steps=_funnel(counts, window),
        places=_places(counts, window, measured),
        uncounted=counts.uncounted,
    )


def _weekly(counts, window):
    """Milestone → how many requests reached it for good in each week, the oldest first."""
    places = {monday: place for place, monday in enumerate(window.mondays)}
    found = {milestone: [0] * window.weeks for milestone in WEEKLY}
    counted = counts.by(StepCount, "milestone", "week_date", since=window.since)
    for (milestone, monday), number in counted.items():
        if monday in places:  # not in a later week, by a clock that is ahead
            found[Milestone(milestone)][places[monday]] += number
    return found


def _lengths(measured):
    """A `StageLength` of each stage over all cities; `measured` as by `durations.measured`."""
    days = {stage: Counter[int]() for stage in Stage}
    for (_, bank, stage), counter in measured.items():
        if bank is None:
            days[stage].update(counter)
    return [
        StageLength(stage, counter.total(), *_ranks(counter)) for stage, counter in days.items()
    ]


def _ranks(days):
    return (durations.rank(days, 50), durations.rank(days, 90)) if days else (None, None)


def _funnel(counts, window):
    """How far the requests are that were submitted in the window: a list of `MilestoneFigures`."""
    reached, ended = Counter[Milestone](), Counter[Milestone]()
    counted = counts.by(StandingCount, "standing", since=window.since)
    for (standing,), number in counted.items():
        last = STANDS_AT.get(standing, Milestone.ACTIVATED)
        for milestone in Milestone:
            if ORDER[milestone] <= ORDER[last]:
                reached[milestone] += number
                ended[milestone] += number if standing in REQUEST_ENDED_WITHOUT_CARD else 0
    return [
        MilestoneFigures(milestone, reached[milestone], ended[milestone])
        for milestone in Milestone
        if milestone != Milestone.SENT
    ]


def _places(counts, window, measured):
    """A `PlaceFigures` for every city and bank with requests in the window or in hand.

    Those with the most requests come first.
    """
    place = ("city_id", "bank_id")
    submitted = Counter(
        counts.by(StepCount, *place, since=window.since, milestone=Milestone.SUBMITTED)
    )
    resting = counts.by(InHandCount, *place, "rule_id", "status", "since_date")
    keys = submitted.keys() | {(city, bank) for city, bank, *_ in resting}
    cities = City.objects.in_bulk({city for city, _ in keys})
    banks = Bank.objects.in_bulk({bank for _, bank in keys})
    late_before = _late_before({(rule, status) for _, _, rule, status, _ in resting}, window.at)
    in_hand, overdue = Counter[tuple](), Counter[tuple]()
    for (city, bank, rule, status, since), number in resting.items():
        in_hand[city, bank] += number
        limit = late_before[rule, status]
        if limit and since < limit:
            overdue[city, bank] += number
    found = [
        PlaceFigures(
            city=cities[city].name,
            bank=banks[bank].name,
            submitted=submitted[city, bank],
            in_hand=in_hand[city, bank],
            overdue=overdue[city, bank],
            review_days=_ranks(measured.get((city, bank, Stage.REVIEW)))[0],
        )
        for city, bank in sorted(keys)
    ]
    return sorted(found, key=lambda place: (place.submitted, place.in_hand), reverse=True)


def _late_before(promised, at):
    """{(rule, status): the day before which one that rests since then is late; None for never}"""
    rules = CityRule.objects.in_bulk({rule for rule, _ in promised})
    today = day_of(at)
    found: dict[tuple, date | None] = {}
    for rule, status in promised:
        stage = promises.STAGE_OF_STATUS.get(status)
        limit = promises.promised(rules[rule])[stage].limit_days if stage else None
        found[rule, status] = None if limit is None else day_of(begun_before(today, limit))
    return found
