"""The worker's part: every sweep is limited, may run twice, and survives one bad row."""

from datetime import timedelta

import pytest

from apps.bureau import applying, production
from apps.bureau.adapters.simulated import SimulatedBureau
from apps.bureau.enums import ReportKind
from apps.bureau.models import BureauReport, ProductionBatch, ProductionOrder, SimulatedJob
from apps.bureau.port import BureauUnavailable
from apps.cards.enums import CardStatus, RequestAction, RequestStatus
from apps.cards.models import Card, CardRequest
from apps.events.enums import AS_WORKER
from apps.lifecycle import engine
from tests.factories.cards import AT, approve, make_request

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _delays(settings):
    settings.SIMULATED_BUREAU_PRODUCTION = timedelta(days=4)
    settings.SIMULATED_BUREAU_DISPATCH = timedelta(days=3)


def one_round(at):
    production.make_batch(at=at, limit=100)
    production.submit_batches(at=at, limit=100)
    production.fetch_reports(at=at)
    applying.apply_due(at=at, limit=100)


def status_of(card_request):
    return CardRequest.objects.get(pk=card_request.pk).status


def test_an_approved_request_becomes_a_card_that_is_sent():
    card_request = make_request(RequestStatus.APPROVED)

    one_round(LATER)
    assert status_of(card_request) == RequestStatus.APPROVED
    one_round(LATER + timedelta(days=4))
    assert status_of(card_request) == RequestStatus.PRODUCED
    one_round(LATER + timedelta(days=7))

    card_request.refresh_from_db()
    assert card_request.status == RequestStatus.DISPATCHED
    assert (card_request.carrier, len(card_request.tracking_number)) == ("EMS", 13)
    assert card_request.card.status == CardStatus.SEALED
    assert card_request.card.holder == card_request.holder
    produced = card_request.events.get(action=RequestAction.PRODUCE)
    assert produced.due_at == LATER + timedelta(days=4)


def test_a_round_that_runs_twice_changes_nothing_more():
    card_request = make_request(RequestStatus.APPROVED)
    for at in (LATER, LATER, LATER + timedelta(days=8), LATER + timedelta(days=8)):
        one_round(at)
    assert ProductionOrder.objects.count() == ProductionBatch.objects.count() == 1
    assert Card.objects.count() == 1
    assert status_of(card_request) == RequestStatus.DISPATCHED
    assert card_request.events.filter(action=RequestAction.PRODUCE).count() == 1


def test_a_worker_that_slept_for_a_month_catches_up_in_one_round():
    card_request = make_request(RequestStatus.APPROVED)
    one_round(LATER)
    one_round(LATER + timedelta(days=30))
    assert status_of(card_request) == RequestStatus.DISPATCHED


def test_a_failed_card_goes_back_to_review_and_can_be_ordered_again(settings):
    card_request = make_request(RequestStatus.APPROVED)
    one_round(LATER)
    SimulatedJob.objects.update(is_faulty=True)
    one_round(LATER + timedelta(days=4))

    card_request.refresh_from_db()
    assert card_request.status == RequestStatus.ACCEPTED
    assert card_request.events.latest("pk").reason == "银行预开户失败"
    assert not Card.objects.exists()

    approve(card_request, at=LATER + timedelta(days=5))
    again = LATER + timedelta(days=5) + settings.DECISION_UNDO_WINDOW
    one_round(again)
    one_round(again + timedelta(days=7))
    assert status_of(card_request) == RequestStatus.DISPATCHED
    assert ProductionOrder.objects.count() == 2


class UnreachableBureau(SimulatedBureau):
    def submit(self, batch_reference, lines, *, created_at, at):
        raise BureauUnavailable("制卡中心没有应答")


def test_a_batch_stays_in_the_queue_while_the_bureau_is_away(monkeypatch):
    make_request(RequestStatus.APPROVED)
    monkeypatch.setattr(production, "get_bureau", UnreachableBureau)
    production.make_batch(at=LATER, limit=10)
    assert production.submit_batches(at=LATER, limit=10) == 0
    batch = ProductionBatch.objects.get()
    assert (batch.submitted_at, batch.last_error) == (None, "制卡中心没有应答")

    monkeypatch.undo()
    assert production.submit_batches(at=LATER, limit=10) == 0, "not before the next try"
    assert production.submit_batches(at=batch.next_try_at, limit=10) == 1


def make_report(order, kind, *, at, **values):
    report = BureauReport(
        reference=f"{order}-{kind}",
        order_reference=order,
        kind=kind,
        reported_at=at,
        received_at=at,
        next_try_at=at,
        **values,
    )
    engine.begin(report, "RECEIVE", at=LATER, **AS_WORKER)
    return report


def test_an_unknown_order_is_set_aside_with_its_reason_and_stops_nothing():
    card_request = make_request(RequestStatus.APPROVED)
    one_round(LATER)
    stray = make_report("NOSUCHORDER", ReportKind.MADE, at=AT, card_number="T80000000")

    one_round(LATER + timedelta(days=4))

    stray.refresh_from_db()
    assert (stray.is_open, stray.error) == (True, "没有这个制卡单号。")
    assert status_of(card_request) == RequestStatus.PRODUCED


def test_a_card_number_that_exists_is_refused_whole():
    existing = make_request(RequestStatus.COLLECTED).card.card_number
    card_request = make_request(RequestStatus.APPROVED)
    one_round(LATER)
    order = ProductionOrder.objects.get(card_request=card_request)
    report = make_report(order.reference, ReportKind.MADE, at=LATER, card_number=existing)

    applying.apply_due(at=LATER, limit=10)

    report.refresh_from_db()
    assert report.is_open
    assert report.error
    assert status_of(card_request) == RequestStatus.APPROVED


def test_reports_that_come_in_the_wrong_order_are_applied_in_the_right_one():
    card_request = make_request(RequestStatus.APPROVED)
    one_round(LATER)
    order = ProductionOrder.objects.get(card_request=card_request).reference
    make_report(order, ReportKind.SENT, at=LATER, carrier="EMS", tracking_number="1" * 13)
    applying.apply_due(at=LATER, limit=10)
    assert status_of(card_request) == RequestStatus.APPROVED

    later = LATER + production.RETRY_AFTER
    make_report(order, ReportKind.MADE, at=AT, card_number="T80000000")
    applying.apply_due(at=later, limit=10)
    assert status_of(card_request) == RequestStatus.DISPATCHED


def test_a_repeated_report_is_stored_once():
    card_request = make_request(RequestStatus.APPROVED)
    one_round(LATER)
    SimulatedJob.objects.update(is_made_reported=False)
    at = LATER + timedelta(days=4)
    production.fetch_reports(at=at)
    SimulatedJob.objects.update(is_made_reported=False)
    production.fetch_reports(at=at)
    assert BureauReport.objects.filter(kind=ReportKind.MADE).count() == 1
    assert status_of(card_request) == RequestStatus.APPROVED
