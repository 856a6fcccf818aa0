"""All counts read from the book of events and the requests themselves, at whatever cost.

No page asks here: `verify_integrity`, tests and benchmarks hold the kept counts against it.
"""

from collections import Counter

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from apps.cards.enums import CardAction, RequestAction
from apps.cards.lifecycle import CARD, REQUEST
from apps.cards.models import CardRequest
from apps.common.moments import DayOf
from apps.events.enums import Role
from apps.events.models import Event
from apps.reporting.enums import Milestone
from apps.reporting.milestones import IN_HAND, LOST_IN, REACHED_BY
from apps.reporting.models import (
    SHARED,
    InHandCount,
    StageCount,
    StandingCount,
    StatusCount,
    StepCount,
)
from apps.reporting.shares import ENDS_A_STAGE, monday_of
from apps.requests.promises import STAGE_OF_STATUS

ENDS_A_STAGE_BY = Q(action__in=ENDS_A_STAGE) | (
    Q(action=RequestAction.COLLECT) & ~Q(role=Role.WORKER)
)


# How many requests one statement looks at: on a large book it ends within the time of statements.
AT_ONCE = 50_000


def tallies():
    """{tally: Counter of its keys} over all requests; four queries for each `AT_ONCE` of them."""
    found = {tally: Counter[tuple]() for tally in SHARED}
    keys = CardRequest.objects.aggregate(first=Min("pk"), last=Max("pk"))
    for start in range(keys["first"] or 0, (keys["last"] or 0) + 1, AT_ONCE):
        requests = CardRequest.objects.filter(pk__gte=start, pk__lt=start + AT_ONCE)
        events = Event.objects.of_kind(REQUEST).filter(
            subject_id__gte=start, subject_id__lt=start + AT_ONCE
        )
        found[StepCount].update(_steps(events))
        found[StandingCount].update(_standings(requests))
        found[StageCount].update(_stages(events))
        found[InHandCount].update(_in_hand(requests))
    found[StatusCount] = StatusCount.sums_of(found[InHandCount])
    return found


def _steps(events):
    counted = (
        _for_good(_with_place(events.filter(action__in=REACHED_BY)))
        .annotate(day=DayOf("at"))
        .values_list("action", "day", "city", "bank")
        .annotate(number=Count("pk"))
    )
    found: Counter[tuple] = Counter()
    for action, day, city, bank, number in counted:
        found[monday_of(day), str(REACHED_BY[action]), city, bank] += number
    return found


def _with_place(events):
    theirs = CardRequest.objects.filter(pk=OuterRef("subject_id"))
    return events.annotate(
        city=Subquery(theirs.values("city")), bank=Subquery(theirs.values("bank"))
    )


def _for_good(events):
    """Those of `events` whose milestone the request has not lost since."""
    later = Event.objects.of_kind(REQUEST).filter(
        subject_id=OuterRef("subject_id"), pk__gt=OuterRef("pk")
    )
    for action, statuses in LOST_IN.items():
        events = events.exclude(Exists(later.filter(to_status__in=statuses)), action=action)
    return events


def _standings(requests):
    activations = Event.objects.of_kind(CARD).filter(
        action=CardAction.ACTIVATE, subject_id=OuterRef("card")
    )
    submissions = Event.objects.of_kind(REQUEST).filter(
        action=RequestAction.SUBMIT, subject_id=OuterRef("pk")
    )
    counted = (
        requests.annotate(
            is_activated=Exists(activations), day=DayOf(Subquery(submissions.values("at")[:1]))
        )
        .filter(day__isnull=False)
        .values_list("day", "status", "is_activated")
        .annotate(number=Count("pk"))
    )
    found: Counter[tuple] = Counter()
    for day, status, is_activated, number in counted:
        standing = Milestone.ACTIVATED if is_activated else status
        found[monday_of(day), str(standing)] += number
    return found


def _stages(events):
    theirs_too = Event.objects.of_kind(REQUEST).filter(subject_id=OuterRef("subject_id"))
    following = theirs_too.filter(pk__gt=OuterRef("pk")).order_by("pk")
    began = (
        theirs_too.filter(pk__lt=OuterRef("pk"), to_status=OuterRef("from_status"))
        .exclude(action=RequestAction.RECALL)
        .order_by("-pk")
    )
    counted = (
        _with_place(events.filter(ENDS_A_STAGE_BY))
        .annotate(next_action=Coalesce(Subquery(following.values("action")[:1]), Value("")))
        .exclude(action=RequestAction.APPROVE, next_action=RequestAction.RECALL)
        .annotate(began=DayOf(Subquery(began.values("at")[:1])), ended=DayOf("at"))
        .filter(began__isnull=False)
        .values_list("ended", "began", "from_status", "city", "bank")
        .annotate(number=Count("pk"))
    )
    return Counter(
        {
            (ended, began, str(STAGE_OF_STATUS[status]), city, bank): number
            for ended, began, status, city, bank, number in counted
        }
    )


def _in_hand(requests):
    counted = (
        requests.filter(status__in=IN_HAND)
        .annotate(since=DayOf("waits_since"))
        .values_list("status", "came_back_by", "since", "city", "bank", "rule")
        .annotate(number=Count("pk"))
    )
    return Counter({tuple(key): number for *key, number in counted})
