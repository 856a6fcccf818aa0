"""How long the stages of a request take, measured on the portal's own requests.

A stage is the time in one status: from the event that led into the status to the event that led out
of it. So a review after an amendment counts from the amendment, just as the page counts from
`status_since`. Every finished stage counts, also of a request that was rejected later. A recalled
approval ends no stage and its recall begins none: the review went on.
"""

from collections import Counter, defaultdict
from datetime import date

from django.db.models import Count, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from apps.cards.enums import RequestAction
from apps.cards.lifecycle import REQUEST
from apps.cards.models import CardRequest
from apps.common import working_days
from apps.common.moments import DayOf
from apps.events.enums import Role
from apps.events.models import Event
from apps.requests.promises import STAGE_OF_STATUS

# A receipt that the worker assumed after many days does not show how long the mail took.
ENDS_A_STAGE = Q(
    action__in=[RequestAction.APPROVE, RequestAction.PRODUCE, RequestAction.DISPATCH]
) | (Q(action=RequestAction.COLLECT) & ~Q(role=Role.WORKER))


def measure(*, since, at):
    """(city, bank or None, stage) → Counter of working days, for stages from `since` to `at`."""
    of_requests = Event.objects.of_kind(REQUEST)
    theirs_too = of_requests.filter(subject_id=OuterRef("subject_id"))
    following = theirs_too.filter(pk__gt=OuterRef("pk")).order_by("pk")
    began = (
        theirs_too.filter(pk__lt=OuterRef("pk"), to_status=OuterRef("from_status"))
        .exclude(action=RequestAction.RECALL)
        .order_by("-pk")
    )
    theirs = CardRequest.objects.filter(pk=OuterRef("subject_id"))
    spans = (
        of_requests.filter(ENDS_A_STAGE, at__gte=since, at__lte=at)
        .annotate(next_action=Coalesce(Subquery(following.values("action")[:1]), Value("")))
        .exclude(action=RequestAction.APPROVE, next_action=RequestAction.RECALL)
        .annotate(
            city=Subquery(theirs.values("city")),
            bank=Subquery(theirs.values("bank")),
            began_date=DayOf(Subquery(began.values("at")[:1])),
            ended_date=DayOf("at"),
        )
        .values_list("city", "bank", "from_status", "began_date", "ended_date")
        .annotate(number=Count("pk"))
    )
    with working_days.read_once():
        return _counted(spans)


def _counted(spans):
    lengths: dict[tuple[date, date], int] = {}
    measured: defaultdict[tuple, Counter] = defaultdict(Counter)
    for city, bank, status, began, ended, number in spans:
        if (began, ended) not in lengths:
            lengths[began, ended] = working_days.count_working_days(began, ended)
        stage = STAGE_OF_STATUS[status]
        for of_bank in (bank, None):
            measured[city, of_bank, stage][lengths[began, ended]] += number
    return measured


def rank(days, percent):
    """The least number of days within which at least `percent` of the cases in `days` lie."""
    wanted = -(-days.total() * percent // 100)
    seen = 0
    for length in sorted(days):
        seen += days[length]
        if seen >= wanted:
            return length
    raise ValueError("nothing was measured")
