"""Cases decided and time spent, for each reviewer and week, from the book of events.

Decided: the decisions of a reviewer on requests, formal losses and registrations, without those
that the very next event of the request recalled. Time spent: the pauses between one
decision and the next of the same reviewer on the same day; a pause longer than `LONGEST_PAUSE` is a
break and does not count. Weeks begin on Monday in Asia/Shanghai.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from apps.cards.lifecycle import RECALLS, REQUEST
from apps.common.moments import day_of, start_of
from apps.desk.claims.policies import DECISIONS
from apps.events.enums import Role
from apps.events.models import Event
from apps.people.models import User

LONGEST_PAUSE = timedelta(minutes=15)
WEEK = timedelta(weeks=1)


@dataclass
class WeekOfWork:
    """What one reviewer did in the week that begins on `monday`."""

    monday: date
    decided: int = 0
    recalled: int = 0
    spent: timedelta = field(default_factory=timedelta)

    @property
    def minutes(self):
        return round(self.spent.total_seconds() / 60)

    @property
    def seconds_each(self):
        """Seconds spent for each decision; None without a pause to measure."""
        number = self.decided + self.recalled
        return round(self.spent.total_seconds() / number) if number and self.spent else None


@dataclass(frozen=True)
class Workload:
    """The weeks of one reviewer, the oldest first."""

    user: User
    weeks: list[WeekOfWork]

    @property
    def decided(self):
        return sum(week.decided for week in self.weeks)


def mondays(*, weeks, at):
    """The first days of the last `weeks` weeks, the oldest first; that of `at` is the last one."""
    today = day_of(at)
    this = today - timedelta(days=today.weekday())
    return [this - number * WEEK for number in reversed(range(weeks))]


def workloads(*, weeks, at):
    """A `Workload` for everybody who decided in the last `weeks` weeks; the most cases first.

    Two queries, whatever their number.
    """
    firsts = mondays(weeks=weeks, at=at)
    by_user: dict[int, dict[date, WeekOfWork]] = defaultdict(
        lambda: {monday: WeekOfWork(monday) for monday in firsts}
    )
    last: dict[int, object] = {}
    for user, moment, is_recalled in _decisions(start_of(firsts[0]), at):
        day = day_of(moment)
        week = by_user[user][day - timedelta(days=day.weekday())]
        if is_recalled:
            week.recalled += 1
        else:
            week.decided += 1
        before = last.get(user)
        if before is not None and day_of(before) == day:
            pause = moment - before
            week.spent += pause if pause <= LONGEST_PAUSE else timedelta(0)
        last[user] = moment
    users = User.objects.select_related("holder").in_bulk(by_user)
    found = [Workload(users[pk], list(weeks.values())) for pk, weeks in by_user.items()]
    return sorted(found, key=lambda work: (-work.decided, work.user.employee_number))


def _decisions(since, at):
    """(key of the reviewer, moment, whether it was recalled) of each decision, oldest first."""
    kinds = Q(pk__in=[])
    for model, actions in DECISIONS.items():
        kinds |= Q(subject_kind=model.lifecycle.name, action__in=[str(a) for a in actions])
    following = Event.objects.filter(
        subject_kind=OuterRef("subject_kind"),
        subject_id=OuterRef("subject_id"),
        pk__gt=OuterRef("pk"),
    ).order_by("pk")
    events = (
        Event.objects.filter(kinds, role=Role.REVIEWER, at__gte=since, at__lte=at)
        .annotate(then=Coalesce(Subquery(following.values("action")[:1]), Value("")))
        .order_by("at", "pk")
        .values_list("by", "at", "then", "subject_kind")
    )
    for by, moment, then, kind in events.iterator():
        yield by, moment, kind == REQUEST.name and then in RECALLS
