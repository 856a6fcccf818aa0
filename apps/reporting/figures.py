"""How many requests passed which stage, how long that took, and where requests are now.

Every figure is one grouped query over a `Window` of weeks, so their number is the same for ten
requests and for ten thousand. Weeks begin on Monday, days at midnight, in Asia/Shanghai.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import Count, Exists, OuterRef

from apps.cards.enums import (
    REQUEST_ENDED_WITHOUT_CARD,
    REQUEST_IN_FLIGHT,
    REQUEST_NOT_SUBMITTED,
    CardAction,
    RequestAction,
    RequestStatus,
    Stage,
)
from apps.cards.lifecycle import CARD, REQUEST
from apps.cards.models import CardRequest
from apps.common.moments import DayOf, day_of, start_of
from apps.common.working_days import add_working_days, read_once
from apps.events.models import Event
from apps.regions.models import Bank, City, CityRule
from apps.reporting import durations
from apps.requests import promises

WEEK = timedelta(weeks=1)
IN_HAND = [status for status in REQUEST_IN_FLIGHT if status != RequestStatus.DRAFT]


class Milestone(models.TextChoices):
    """The steps of a request on its way to a card in use."""

    SUBMITTED = "SUBMITTED", "提交"
    PAID = "PAID", "缴费"
    APPROVED = "APPROVED", "审核通过"
    MADE = "MADE", "制成"
    SENT = "SENT", "发出"
    RECEIVED = "RECEIVED", "领取"
    ACTIVATED = "ACTIVATED", "启用"


REACHED_BY = {
    RequestAction.SUBMIT: Milestone.SUBMITTED,
    RequestAction.PAY: Milestone.PAID,
    RequestAction.WAIVE: Milestone.PAID,
    RequestAction.APPROVE: Milestone.APPROVED,
    RequestAction.PRODUCE: Milestone.MADE,
    RequestAction.DISPATCH: Milestone.SENT,
    RequestAction.COLLECT: Milestone.RECEIVED,
}
WEEKLY = tuple(dict.fromkeys(REACHED_BY.values()))
# The last milestone that a request in this status has behind it.
STANDS_AT = {
    RequestStatus.SUBMITTED: Milestone.SUBMITTED,
    RequestStatus.WITHDRAWN: Milestone.SUBMITTED,
    RequestStatus.LAPSED: Milestone.SUBMITTED,
    RequestStatus.PAID: Milestone.PAID,
    RequestStatus.ACCEPTED: Milestone.PAID,
    RequestStatus.NEEDS_AMENDMENT: Milestone.PAID,
    RequestStatus.REJECTED: Milestone.PAID,
    RequestStatus.APPROVED: Milestone.APPROVED,
    RequestStatus.PRODUCED: Milestone.MADE,
    RequestStatus.DISPATCHED: Milestone.SENT,
    RequestStatus.COLLECTED: Milestone.RECEIVED,
}
_ORDER = {milestone: place for place, milestone in enumerate(Milestone)}


def _before(milestone):
    """The statuses of requests that do not have `milestone` behind them."""
    return [status for status, last in STANDS_AT.items() if _ORDER[last] < _ORDER[milestone]]


def _can_be_lost(milestone):
    """Whether a move of the table leads from a request with `milestone` to one without it."""
    before = {*REQUEST_NOT_SUBMITTED, *_before(milestone)}
    return any(
        move.target in before and not move.sources <= before for move in REQUEST.moves.values()
    )


@dataclass(frozen=True)
class Window:
    """A number of weeks up to the moment `at`. The week in which `at` lies is the last of them."""

    weeks: int
    at: datetime

    @property
    def mondays(self):
        """The first day of each week, the oldest first."""
        today = day_of(self.at)
        this = today - timedelta(days=today.weekday())
        return [this - number * WEEK for number in reversed(range(self.weeks))]

    @property
    def begins_at(self):
        return start_of(self.mondays[0])

    def events(self, *actions):
        """The events of requests in the window with one of `actions`."""
        return Event.objects.of_kind(REQUEST).filter(
            action__in=actions, at__gte=self.begins_at, at__lte=self.at
        )


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

    A milestone that was lost again counts nowhere: an approval that was recalled, or whose card
    the bureau could not make. So no request counts as approved and as waiting at once.
    """

    at: datetime
    mondays: list[date]
    weekly: dict[Milestone, list[int]]
    lengths: list[StageLength]
    steps: list[MilestoneFigures]
    places: list[PlaceFigures]

    @property
    def is_empty(self):
        return not (self.places or any(map(any, self.weekly.values())))


@read_once()
def collect(*, weeks, at):
    """The `Figures` of the `weeks` up to `at`, in eight queries."""
    window = Window(weeks, at)
    measured = durations.measure(since=window.begins_at, at=at)
    return Figures(
        at=at,
        mondays=window.mondays,
        weekly=weekly(window),
        lengths=lengths(measured),
        steps=funnel(window),
        places=places(window, measured),
    )


def weekly(window):
    """Milestone → how many requests reached it for good in each week, the oldest first."""
    counted = (
        _for_good(window.events(*REACHED_BY))
        .annotate(day=DayOf("at"))
        .values_list("action", "day")
        .annotate(number=Count("pk"))
    )
    found = {milestone: [0] * window.weeks for milestone in WEEKLY}
    for action, day, number in counted:
        found[REACHED_BY[action]][(day - window.mondays[0]).days // 7] += number
    return found


def _for_good(events):
    """Those of `events` whose milestone the request has not lost since."""
    later = Event.objects.of_kind(REQUEST).filter(
        subject_id=OuterRef("subject_id"), pk__gt=OuterRef("pk")
    )
    for action, milestone in REACHED_BY.items():
        if _can_be_lost(milestone):
            lost = Exists(later.filter(to_status__in=_before(milestone)))
            events = events.exclude(lost, action=action)
    return events


def lengths(measured):
    """A `StageLength` of each stage over all cities; `measured` as by `durations.measure`."""
    days = {stage: Counter[int]() for stage in Stage}
    for (_, bank, stage), counter in measured.items():
        if bank is None:
            days[stage].update(counter)
    return [
        StageLength(stage, counter.total(), *_ranks(counter)) for stage, counter in days.items()
    ]


def _ranks(days):
    return (durations.rank(days, 50), durations.rank(days, 90)) if days else (None, None)


def funnel(window):
    """How far the requests are that were submitted in the window: a list of `MilestoneFigures`."""
    submitted = window.events(RequestAction.SUBMIT).values("subject_id")
    activations = Event.objects.of_kind(CARD).filter(
        action=CardAction.ACTIVATE, subject_id=OuterRef("card")
    )
    counted = (
        CardRequest.objects.filter(pk__in=submitted)
        .annotate(is_activated=Exists(activations))
        .values_list("status", "is_activated")
        .annotate(number=Count("pk"))
    )
    reached, ended = Counter[Milestone](), Counter[Milestone]()
    for status, is_activated, number in counted:
        last = Milestone.ACTIVATED if is_activated else STANDS_AT[status]
        for milestone in Milestone:
            if _ORDER[milestone] <= _ORDER[last]:
                reached[milestone] += number
                ended[milestone] += number if status in REQUEST_ENDED_WITHOUT_CARD else 0
    return [
        MilestoneFigures(milestone, reached[milestone], ended[milestone])
        for milestone in Milestone
        if milestone != Milestone.SENT
    ]


def places(window, measured):
    """A `PlaceFigures` for every city and bank with requests in the window or in hand.

    Those with the most requests come first.
    """
    submitted = Counter[tuple]()
    for city, bank, number in (
        CardRequest.objects.filter(pk__in=window.events(RequestAction.SUBMIT).values("subject_id"))
        .values_list("city", "bank")
        .annotate(number=Count("pk"))
    ):
        submitted[city, bank] = number
    resting = list(
        CardRequest.objects.filter(status__in=IN_HAND)
        .annotate(since_date=DayOf("waits_since"))
        .values_list("city", "bank", "rule", "status", "since_date")
        .annotate(number=Count("pk"))
    )
    keys = submitted.keys() | {(city, bank) for city, bank, *_ in resting}
    cities = City.objects.in_bulk({city for city, _ in keys})
    banks = Bank.objects.in_bulk({bank for _, bank in keys})
    rules = CityRule.objects.in_bulk({rule for _, _, rule, *_ in resting})
    in_hand, overdue = Counter[tuple](), Counter[tuple]()
    today = day_of(window.at)
    for city, bank, rule, status, since, number in resting:
        in_hand[city, bank] += number
        if _is_overdue(rules[rule], status, since, today):
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


def _is_overdue(rule, status, since, today):
    stage = promises.STAGE_OF_STATUS.get(status)
    if stage is None:
        return False
    return today > add_working_days(since, promises.promised(rule)[stage].limit_days)
