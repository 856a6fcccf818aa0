"""What one request counts for: its shares in the tallies, from its events and its row.

`scan` says the same for all requests at once, in SQL; tests and `verify_integrity` compare the two.
"""

from collections import Counter
from datetime import date, timedelta
from typing import NamedTuple

from django.db import models

from apps.cards.enums import RequestAction
from apps.events.enums import Role
from apps.reporting.enums import Milestone
from apps.reporting.milestones import IN_HAND, LOST_IN, REACHED_BY
from apps.reporting.models import (
    SHARED,
    InHandCount,
    StageCount,
    StandingCount,
    StepCount,
)
from apps.requests.promises import STAGE_OF_STATUS

ENDS_A_STAGE = (RequestAction.APPROVE, RequestAction.PRODUCE, RequestAction.DISPATCH)


class Happened(NamedTuple):
    """What counts of an event."""

    pk: int
    action: str
    from_status: str
    to_status: str
    role: str
    day: date


def monday_of(day):
    """The first day of the week of `day`."""
    return day - timedelta(days=day.weekday())


class Standing(NamedTuple):
    """What counts of the row of a request. `since_date` is the day of its `waits_since`."""

    pk: int
    city_id: str
    bank_id: str
    rule_id: int | None
    status: str
    came_back_by: str
    since_date: date
    is_activated: bool


def shares_of(card_request, events):
    """Counter of (tally, key) of a `Standing`; `events` are its `Happened`, in their order."""
    place = (card_request.city_id, card_request.bank_id)
    found: Counter[tuple] = Counter()
    seen_later: set[str] = set()
    for event in reversed(events):
        milestone = REACHED_BY.get(event.action)
        if milestone and not seen_later & LOST_IN.get(event.action, frozenset()):
            week = monday_of(event.day)
            found[StepCount, (week, str(milestone), *place)] += 1
            if milestone == Milestone.SUBMITTED:
                is_activated = card_request.is_activated
                standing = Milestone.ACTIVATED if is_activated else card_request.status
                found[StandingCount, (week, str(standing))] += 1
        seen_later.add(event.to_status)
    for stage, began, ended in _stages(events):
        found[StageCount, (ended, began, str(stage), *place)] += 1
    if card_request.status in IN_HAND:
        since = (card_request.status, card_request.came_back_by, card_request.since_date)
        found[InHandCount, (*since, *place, card_request.rule_id)] += 1
    return found


def _stages(events):
    """(stage, the day on which it began, the day on which it ended) of each finished stage.

    A stage is the time in one status: from the event that led into it to the event that led out of
    it. A recalled approval ends no stage and its recall begins none: the review went on. A receipt
    that the worker assumed after many days does not show how long the mail took.
    """
    began: dict[str, date] = {}
    for place, event in enumerate(events):
        following = events[place + 1].action if place + 1 < len(events) else ""
        is_recalled = (event.action, following) == (RequestAction.APPROVE, RequestAction.RECALL)
        is_received = event.action == RequestAction.COLLECT and event.role != Role.WORKER
        has_ended = (event.action in ENDS_A_STAGE or is_received) and not is_recalled
        if has_ended and event.from_status in began:
            yield STAGE_OF_STATUS[event.from_status], began[event.from_status], event.day
        if event.action != RequestAction.RECALL:
            began[event.to_status] = event.day


# How a part of a key is read from text, by the columns of each tally.
_READ_BY = {models.DateField: date.fromisoformat, models.BigAutoField: int, models.CharField: str}


def _readers(tally):
    fields = [tally._meta.get_field(column.removesuffix("_id")) for column in tally.KEY]
    return [_READ_BY[type(getattr(field, "target_field", field))] for field in fields]


_READERS = [_readers(tally) for tally in SHARED]
_PLACES = {tally: place for place, tally in enumerate(SHARED)}


def packed(shares):
    """The Counter `shares` as text: a line for each, with the place of its tally and its key."""
    return "\n".join(" ".join(map(str, (_PLACES[tally], *key))) for tally, key in shares.elements())


def unpacked(text):
    """`packed` turned around."""
    found: Counter[tuple] = Counter()
    for line in text.splitlines():
        place, *parts = line.split(" ")
        readers = _READERS[int(place)]
        key = tuple(read(part) for read, part in zip(readers, parts, strict=True))
        found[SHARED[int(place)], key] += 1
    return found
