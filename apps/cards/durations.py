"""How long the stages of a request take: measured on the portal's own requests, or as promised.

A stage is the rest in one status: it begins with the event that led into the status and ends with
the one that led on. So a review after an amendment is counted from the amendment, just as the page
counts from `status_since`. Every finished stage counts, whatever became of the request later.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Max, Min, OuterRef, Q, Subquery, Sum

from apps.cards.enums import RequestAction, RequestStatus, Stage
from apps.cards.lifecycle import REQUEST
from apps.cards.models import CardRequest, StageDuration
from apps.common.local_dates import LocalDate
from apps.common.working_days import count_working_days
from apps.events.enums import Role
from apps.events.models import Event

STAGE_OF_STATUS = {
    RequestStatus.ACCEPTED: Stage.REVIEW,
    RequestStatus.APPROVED: Stage.PRODUCE,
    RequestStatus.PRODUCED: Stage.DISPATCH,
    RequestStatus.DISPATCHED: Stage.DELIVER,
}
# A receipt that the worker assumed after many days says nothing about the mail, and is left out.
ENDS_A_STAGE = Q(
    action__in=[RequestAction.APPROVE, RequestAction.PRODUCE, RequestAction.DISPATCH]
) | (Q(action=RequestAction.COLLECT) & ~Q(role=Role.WORKER))


@dataclass(frozen=True)
class StageTime:
    """Working days of a stage: `limit_days` is what it may take before it counts as overdue.

    Where enough requests were measured, half of them took at most `usual_days` and nine of ten at
    most `most_days`; both are None otherwise.
    """

    limit_days: int
    usual_days: int | None = None
    most_days: int | None = None

    @property
    def is_measured(self):
        return self.usual_days is not None

    @property
    def expected_days(self):
        return self.limit_days if self.usual_days is None else self.usual_days


def promised(rule):
    """Stage → `StageTime` as a `CityRule` promises; the review is the unit's own promise."""
    return {
        Stage.REVIEW: StageTime(settings.REVIEW_WORKING_DAYS),
        Stage.PRODUCE: StageTime(rule.produce_days),
        Stage.DISPATCH: StageTime(rule.dispatch_days),
        Stage.DELIVER: StageTime(rule.collect_days),
    }


def paces(requests):
    """Request pk → (stage → `StageTime`), for all of `requests` in one query; of drafts, nothing.

    Measured by city and bank where enough requests went that way, else by city, else as promised
    by the request's own rule. Select `rule` along.
    """
    measured = {
        (row.city_id, row.bank_id, row.stage): row
        for row in StageDuration.objects.filter(
            city__in={request.city_id for request in requests},
            sample__gte=settings.STAGE_DURATION_MIN_SAMPLE,
        )
    }
    found: dict[int, dict[Stage, StageTime]] = {}
    for request in requests:
        if request.rule is None:
            found[request.pk] = {}
            continue
        pace = promised(request.rule)
        for stage, promise in pace.items():
            row = measured.get((request.city_id, request.bank_id, stage)) or measured.get(
                (request.city_id, None, stage)
            )
            if row is not None:
                pace[stage] = _measured(stage, row, promise)
        found[request.pk] = pace
    return found


def usual_totals():
    """{"least", "most"}: usual working days from acceptance to receipt, over the measured cities.

    The sum of the four medians of a city; both are None while no city has enough requests.
    """
    cities = (
        StageDuration.objects.filter(bank=None, sample__gte=settings.STAGE_DURATION_MIN_SAMPLE)
        .values("city")
        .annotate(stages=Count("pk"), days=Sum("median_days"))
        .filter(stages=len(Stage))
    )
    return cities.aggregate(least=Min("days"), most=Max("days"))


def _measured(stage, row, promise):
    # Nobody is late on the very day. The review has a promise of the unit's own, by which the queue
    # of the reviewers runs: that they are quick or slow does not change it.
    most_days = max(row.p90_days, 1)
    limit_days = promise.limit_days if stage == Stage.REVIEW else most_days
    return StageTime(limit_days, usual_days=row.median_days, most_days=most_days)


def recompute(*, at):
    """Measure the stages that ended in the `STAGE_DURATION_WINDOW` before `at`, and store that.

    One grouped query over the events; the rows keep their keys. Returns how many rows there are.
    """
    wanted = {
        key: {"median_days": rank(days, 50), "p90_days": rank(days, 90), "sample": days.total()}
        for key, days in measure(since=at - settings.STAGE_DURATION_WINDOW, at=at).items()
    }
    try:
        _store(wanted, at)
    except IntegrityError:
        # Another worker stored the same rows in the same moment.
        return 0
    return len(wanted)


def measure(*, since, at):
    """(city, bank or None, stage) → Counter of working days, of what ended from `since` to `at`."""
    of_requests = Event.objects.of_kind(REQUEST)
    before = of_requests.filter(subject_id=OuterRef("subject_id"), pk__lt=OuterRef("pk"))
    theirs = CardRequest.objects.filter(pk=OuterRef("subject_id"))
    spans = (
        of_requests.filter(ENDS_A_STAGE, at__gte=since, at__lte=at)
        .annotate(
            city=Subquery(theirs.values("city")),
            bank=Subquery(theirs.values("bank")),
            began_date=LocalDate(Subquery(before.order_by("-pk").values("at")[:1])),
            ended_date=LocalDate("at"),
        )
        .values_list("city", "bank", "from_status", "began_date", "ended_date")
        .annotate(number=Count("pk"))
    )
    lengths: dict[tuple[date, date], int] = {}
    measured: defaultdict[tuple, Counter] = defaultdict(Counter)
    for city, bank, status, began, ended, number in spans:
        if (began, ended) not in lengths:
            lengths[began, ended] = count_working_days(began, ended)
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


@transaction.atomic
def _store(wanted, at):
    stored = {(row.city_id, row.bank_id, row.stage): row for row in StageDuration.objects.all()}
    gone = [row.pk for key, row in stored.items() if key not in wanted]
    StageDuration.objects.filter(pk__in=gone).delete()
    for key, row in stored.items():
        for name, value in wanted.get(key, {}).items():
            setattr(row, name, value)
        row.computed_at = at
    StageDuration.objects.bulk_update(
        [row for key, row in stored.items() if key in wanted],
        ["median_days", "p90_days", "sample", "computed_at"],
    )
    StageDuration.objects.bulk_create(
        StageDuration(city_id=city, bank_id=bank, stage=stage, computed_at=at, **values)
        for (city, bank, stage), values in wanted.items()
        if (city, bank, stage) not in stored
    )
