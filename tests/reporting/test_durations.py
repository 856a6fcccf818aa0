"""How long the stages take, measured on the portal's own requests."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from apps.cards.enums import RequestAction, RequestStatus, Stage
from apps.events.enums import AS_WORKER, Channel, Role
from apps.lifecycle import engine
from apps.reporting import services
from apps.requests import promises
from apps.requests.models import StageDuration
from tests.factories import cards as steps
from tests.factories.cards import AT, make_request
from tests.factories.people import make_reviewer
from tests.factories.regions import make_bank, make_city

pytestmark = pytest.mark.django_db

# A Monday; no statutory holiday lies in the three weeks after it.
MONDAY = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
LATER = datetime(2026, 12, 1, tzinfo=UTC)


def accepted(at=MONDAY, **options):
    return make_request(RequestStatus.ACCEPTED, at=at, **options)


def reviewed(days, *, at=MONDAY, **options):
    """A request that was approved so many days after it had been accepted."""
    card_request = accepted(at, **options)
    steps.approve(card_request, at=card_request.status_since + timedelta(days=days))
    return card_request


def stored(**key):
    return StageDuration.objects.get(**key)


@pytest.fixture
def few_are_enough(settings):
    settings.STAGE_DURATION_MIN_SAMPLE = 3


def test_every_stage_is_counted_from_the_event_before_it():
    card_request = accepted()
    for days, step in (
        (1, steps.approve),
        (2, steps.produce),
        (1, steps.dispatch),
        (3, steps.collect),  # over a weekend: a Friday to a Monday is one working day
    ):
        step(card_request, at=card_request.status_since + timedelta(days=days))
    services.recompute(at=LATER)
    assert {
        (row.stage, row.median_days) for row in StageDuration.objects.filter(bank=card_request.bank)
    } == {(Stage.REVIEW, 1), (Stage.PRODUCE, 2), (Stage.DISPATCH, 1), (Stage.DELIVER, 1)}


def test_median_and_ninth_tenth_are_days_that_occurred():
    for days in (0, 0, 0, 0, 1, 1, 1, 1, 3, 4):
        reviewed(days)
    services.recompute(at=LATER)
    row = stored(bank=None, stage=Stage.REVIEW)
    assert (row.median_days, row.p90_days, row.sample) == (1, 3, 10)


def test_a_review_after_an_amendment_counts_from_the_amendment():
    card_request = accepted()
    steps.ask(card_request, at=MONDAY + timedelta(days=1))
    engine.move(
        card_request,
        RequestAction.AMEND,
        by=card_request.applicant,
        role=Role.HOLDER,
        at=MONDAY + timedelta(days=3),
        channel=Channel.WEB,
    )
    steps.approve(card_request, at=MONDAY + timedelta(days=4))
    services.recompute(at=LATER)
    assert stored(bank=None).median_days == 1


def test_a_recalled_approval_ends_no_review_and_its_recall_begins_none():
    card_request = reviewed(1)
    for hours in (1, 49):
        at = card_request.status_since + timedelta(hours=hours)
        recall(card_request, at=at)
        steps.approve(card_request, at=at + timedelta(minutes=1))
    services.recompute(at=LATER)
    row = stored(bank=None, stage=Stage.REVIEW)
    assert (row.median_days, row.sample) == (3, 1)


def recall(card_request, *, at):
    engine.move(
        card_request,
        RequestAction.RECALL,
        by=make_reviewer(),
        role=Role.REVIEWER,
        at=at,
        channel=Channel.ADMIN,
    )


def test_a_receipt_that_the_worker_assumed_is_left_out():
    card_request = make_request(RequestStatus.DISPATCHED, at=MONDAY)
    engine.move(card_request, RequestAction.COLLECT, at=MONDAY + timedelta(days=15), **AS_WORKER)
    services.recompute(at=LATER)
    assert not StageDuration.objects.filter(stage=Stage.DELIVER).exists()


def test_the_day_is_that_of_beijing():
    late_on_monday = datetime(2026, 11, 2, 15, 50, tzinfo=UTC)  # 23:50 in Beijing
    card_request = accepted(at=late_on_monday)
    steps.approve(card_request, at=late_on_monday + timedelta(minutes=20))
    services.recompute(at=LATER)
    assert stored(bank=None, stage=Stage.REVIEW).median_days == 1


def test_only_the_last_months_count(settings):
    settings.STAGE_DURATION_WINDOW = timedelta(days=10)
    reviewed(4)
    reviewed(1, at=MONDAY + timedelta(days=14))
    services.recompute(at=MONDAY + timedelta(days=17))
    assert stored(bank=None).sample == 1
    services.recompute(at=MONDAY + timedelta(days=60))
    assert not StageDuration.objects.exists()


def test_measuring_again_keeps_the_rows_and_takes_in_what_is_new():
    reviewed(0)
    services.recompute(at=LATER)
    before = stored(bank=None)
    for _ in range(2):
        reviewed(2)
    later = LATER + timedelta(hours=1)
    services.recompute(at=later)
    after = stored(bank=None)
    assert (after.pk, after.median_days, after.sample) == (before.pk, 2, 3)
    assert after.computed_at == later


def test_measuring_takes_the_same_number_of_queries_however_many_requests_there_are():
    counts = []
    for number in (1, 6):
        for _ in range(number):
            reviewed(number % 4)
        services.recompute(at=LATER)
        with CaptureQueriesContext(connection) as captured:
            services.recompute(at=LATER)
        counts.append(len(captured))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("with_bank", [True, False])
def test_the_database_keeps_one_row_per_city_bank_and_stage(with_bank):
    row = {
        "city": make_city(),
        "bank": make_bank() if with_bank else None,
        "stage": Stage.REVIEW,
        "median_days": 1,
        "p90_days": 2,
        "sample": 20,
        "computed_at": AT,
    }
    StageDuration.objects.create(**row)
    with pytest.raises(IntegrityError):
        StageDuration.objects.create(**row)


def test_measured_requests_reach_the_page(few_are_enough):
    for days in (1, 2, 2):
        reviewed(days)
    services.recompute(at=LATER)
    card_request = accepted(at=LATER)
    assert promises.stage_times([card_request])[card_request.pk][Stage.REVIEW].usual_days == 2
