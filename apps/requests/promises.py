"""How long each stage of a request may take: as measured, or as promised if too few were measured.

A stage is the time in one status. The measured times are in `StageDuration`; this module only reads
them.
"""

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.db.models import Count, Max, Min, OuterRef, Subquery, Sum

from apps.cards.enums import RequestAction, RequestStatus, Stage
from apps.cards.lifecycle import REQUEST
from apps.common import working_days
from apps.common.moments import day_of
from apps.events.models import Event
from apps.queries.json_rows import JsonRows, rows_in
from apps.queries.prepared import PreparedQuery, rounded
from apps.regions.models import City
from apps.requests.models import StageDuration

_COLUMNS = "bank_id", "stage", "median_days", "p90_days", "sample"
_MEASURED = PreparedQuery(
    lambda cities: StageDuration.objects.filter(cities.holds("city")).values_list(
        "city_id", *_COLUMNS
    ),
    cities=City,
)

STAGE_OF_STATUS = {
    RequestStatus.ACCEPTED: Stage.REVIEW,
    RequestStatus.APPROVED: Stage.PRODUCE,
    RequestStatus.PRODUCED: Stage.DISPATCH,
    RequestStatus.DISPATCHED: Stage.DELIVER,
}


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


def decision_date(since):
    """The day by which reviewers are to decide what waits for them since the moment `since`."""
    return working_days.add_working_days(day_of(since), settings.REVIEW_WORKING_DAYS)


def reviews_began(requests):
    """{pk: when its review began} of `requests`, for approvals that are recalled, in one query.

    A recall does not begin a review: it goes on where it was.
    """
    began = Event.objects.of_kind(REQUEST).filter(
        subject_id__in=[card_request.pk for card_request in requests],
        to_status=RequestStatus.ACCEPTED,
    )
    began = began.exclude(action=RequestAction.RECALL).order_by("pk")
    return dict(began.values_list("subject_id", "at"))


def promised(rule):
    """Stage → `StageTime` as a `CityRule` promises. The time for the review is a setting."""
    return {
        Stage.REVIEW: StageTime(settings.REVIEW_WORKING_DAYS),
        Stage.PRODUCE: StageTime(rule.produce_days),
        Stage.DISPATCH: StageTime(rule.dispatch_days),
        Stage.DELIVER: StageTime(rule.collect_days),
    }


def measured_here():
    """The expression over requests of what was measured in the city, for `stage_times`.

    A query that carries it along as `measured_here` saves them theirs.
    """
    here = StageDuration.objects.filter(city=OuterRef("city"))
    return Subquery(here.values(rows=JsonRows(*_COLUMNS)))


def stage_times(requests):
    """Request pk → (stage → `StageTime`), for all of `requests` in one query; of drafts, nothing.

    Measured by city and bank where enough requests went that way, else by city, else as promised
    by the request's own rule. Select `rule` along. No query where all carry `measured_here`.
    """
    measured = _measured_in(requests)
    found: dict[int, dict[Stage, StageTime]] = {}
    for card_request in requests:
        if card_request.rule is None:
            found[card_request.pk] = {}
            continue
        times = promised(card_request.rule)
        for stage, promise in times.items():
            here = measured[card_request.city_id]
            days = here.get((card_request.bank_id, stage)) or here.get((None, stage))
            if days is not None:
                times[stage] = _measured(stage, days, promise)
        found[card_request.pk] = times
    return found


def _measured_in(requests):
    """City → ((bank or None, stage) → (median, nine of ten)) as far as enough were measured."""
    least = settings.STAGE_DURATION_MIN_SAMPLE
    measured = {
        card_request.city_id: _of_text(card_request.measured_here, least)
        for card_request in requests
        if hasattr(card_request, "measured_here")
    }
    others = {card_request.city_id for card_request in requests} - measured.keys()
    rows: dict[str, list] = {city: [] for city in others}
    for city, *row in _MEASURED.read(cities=rounded(list(others))):
        rows[city].append(row)
    return measured | {city: _enough(found, least) for city, found in rows.items()}


@lru_cache(maxsize=1_000)
def _of_text(text, least):
    return _enough(rows_in(text), least)


def _enough(rows, least):
    return {
        (bank, stage): (median, nine_of_ten)
        for bank, stage, median, nine_of_ten, sample in rows
        if sample >= least
    }


def running_times(requests):
    """`stage_times` of those of `requests` that are in one of the stages; no query without any."""
    return stage_times(
        [card_request for card_request in requests if card_request.status in STAGE_OF_STATUS]
    )


def times_of(card_request):
    """Stage → `StageTime` of one request, in one query; of one without a stage under way, nothing.

    Select `rule` along.
    """
    if card_request.status not in STAGE_OF_STATUS:
        return {}
    return stage_times([card_request])[card_request.pk]


def due_date(card_request, time, *, calendar=None):
    """The last day in time of the stage under way, which may take `time` (a `StageTime`).

    `calendar` is a `WorkingCalendar`, else the present one.
    """
    count = working_days.current() if calendar is None else calendar
    return count.add(day_of(card_request.promised_from), time.limit_days)


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


def _measured(stage, days, promise):
    usual_days, nine_of_ten = days
    # The promised day itself is not late. The promise for the review is fixed, because the queue of
    # the reviewers is sorted by it: how long reviews really took does not change it.
    most_days = max(nine_of_ten, 1)
    limit_days = promise.limit_days if stage == Stage.REVIEW else most_days
    return StageTime(limit_days, usual_days=usual_days, most_days=most_days)
