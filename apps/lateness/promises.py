"""What is promised by a day, and whom it concerns when that day passes.

Each app lists its own in `lateness.py` as `PROMISES`. Once the day of a promise has passed, an
event is recorded, which the message table of the app tells. A new day is named with it; once that
has passed as well, the next event is recorded.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from apps.common.moments import day_of
from apps.common.working_days import add_working_days, begun_before
from apps.events.kinds import EventKind
from apps.events.models import Event

ONE_DAY = timedelta(days=1)
CHUNK = 500


@dataclass(frozen=True)
class Promise:
    """`kind` and `action` are those of the event that is recorded once the day has passed.

    `waiting` returns the rows of a model with a lifecycle that wait for what was promised; `since`
    is their column with the moment from which it counts. `days` is called with a list of them and
    returns {pk: the last day in time}, with a fixed number of queries.
    """

    kind: EventKind
    action: str
    waiting: Callable[[], QuerySet]
    days: Callable[[list[Any]], dict[int, date]]
    since: str = "status_since"

    def untold(self, *, at):
        """The waiting rows of which nobody was told since, or where the day named then is over."""
        told = Event.objects.of_kind(self.kind).filter(
            subject_id=OuterRef("pk"),
            action=self.action,
            at__gte=OuterRef(self.since),
        )
        named = begun_before(judged_day(at), settings.LATE_WORKING_DAYS)
        return (
            self.waiting()
            .filter(~Exists(told.filter(at__gte=named)), **{f"{self.since}__lte": at})
            .order_by(F(self.since), "pk")
        )


def promises() -> Iterator[Promise]:
    """Every promise of every app."""
    for config in apps.get_app_configs():
        if config.name.startswith("apps.") and find_spec(f"{config.name}.lateness") is not None:
            yield from getattr(import_module(f"{config.name}.lateness"), "PROMISES", ())


def judged_day(at: datetime) -> date:
    """The day on which promises are judged at the moment `at`: before the hour, the day before."""
    begins = time(hour=settings.LATE_NOTICE_HOUR)
    is_early = timezone.localtime(at).time() < begins
    return day_of(at) - ONE_DAY if is_early else day_of(at)


def overdue(promise, *, at):
    """(row, the day that was promised) of what is late at the moment `at` and told nobody."""
    last = 0
    today = judged_day(at)
    rows = promise.untold(at=at).order_by("pk")
    while chunk := list(rows.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1].pk
        days = promise.days(chunk)
        yield from ((row, days[row.pk]) for row in chunk if days[row.pk] < today)


def expected_date(at: datetime) -> date:
    """The day that is named to those who are told at the moment `at` that something is late."""
    return add_working_days(day_of(at), settings.LATE_WORKING_DAYS)


def words_of(event):
    """What the text of `event` needs: the day that has passed, the new one, whom to ask."""
    return {
        "promised_date": date.fromisoformat(event.facts["promised"]),
        "expected_date": date.fromisoformat(event.facts["expected"]),
        "is_again": event.facts["is_again"],
        "operator": settings.PORTAL_OPERATOR["contact"],
    }


def latest(kind, row, *, since):
    """What was told last about `row` since the moment `since`, as `words_of`; None for nothing."""
    event = Event.objects.about(kind, row).filter(at__gte=since).order_by("pk").last()
    return event and words_of(event)


@dataclass(frozen=True)
class PromisedDay:
    """The day by which something is promised, as it stands on the day `today`.

    `expected_date` is the new day, once people were told that `day` has passed; None before.
    """

    day: date
    today: date
    expected_date: date | None = None

    @property
    def is_over(self):
        return self.today > self.day

    @property
    def overdue_days(self):
        """Calendar days since the promised one; 0 while it is not over."""
        return max((self.today - self.day).days, 0)


def promised_days(promise, rows, *, at) -> dict[int, PromisedDay]:
    """{pk: `PromisedDay`} for the `rows`, which wait for what `promise` says.

    Every page that names the day reads it here: those of the person, the first page, the desk. One
    query more than `promise.days`, if one of them is late.
    """
    if not rows:
        return {}
    today = day_of(at)
    days = promise.days(list(rows))
    late = {row.pk: getattr(row, promise.since) for row in rows if days[row.pk] < today}
    expected = _expected_dates(promise, late) if late else {}
    return {pk: PromisedDay(day, today, expected.get(pk)) for pk, day in days.items()}


def _expected_dates(promise, late):
    """{pk: the new day that was told} of what is `late` ({pk: since when it waits})."""
    told = Event.objects.of_kind(promise.kind).filter(subject_id__in=late, action=promise.action)
    return {
        event.subject_id: words_of(event)["expected_date"]
        for event in told.order_by("pk")
        if event.at >= late[event.subject_id]
    }
