"""Two workers at once: a batch leaves once, a file is taken once, a report is applied once."""

import threading
from datetime import timedelta

import pytest
from django.db import transaction

from apps.bureau import applying, production
from apps.bureau.adapters import report_file
from apps.bureau.enums import ReportStatus
from apps.bureau.models import BureauFile, BureauReport, ProductionBatch
from apps.cards.enums import RequestStatus
from apps.cards.models import Card, CardRequest
from apps.events.models import Event
from apps.lifecycle import sweep
from tests.contests import at_once
from tests.factories.bureau import HEARD, LATER, made, make_orders, put_report, receive, sent
from tests.factories.cards import AT, make_request

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_of_two_workers_one_hands_a_batch_over(folders):
    make_request(RequestStatus.APPROVED)
    production.make_batch(at=LATER, limit=10)
    at_once(*[lambda: production.submit_batches(at=LATER, limit=10)] * 2)
    assert ProductionBatch.objects.get().tries == 1
    assert BureauFile.objects.count() == 2


def test_of_two_workers_one_takes_a_file(folders):
    [order] = make_orders(1)
    put_report(folders[1], "a.csv", report_file.write([made(order), sent(order)]), at=HEARD)
    at_once(*[lambda: production.fetch_reports(at=HEARD)] * 2)
    assert BureauReport.objects.count() == 2
    assert BureauFile.objects.filter(direction="IN").count() == 1
    assert not (folders[1] / "a.csv").exists()


def test_reports_of_one_order_in_two_workers_come_to_their_end(folders):
    [order] = make_orders(1)
    put_report(folders[1], "a.csv", report_file.write([made(order), sent(order)]), at=HEARD)
    production.fetch_reports(at=HEARD)
    at_once(*[lambda: applying.apply_due(at=HEARD, limit=10)] * 4)
    applying.apply_due(at=HEARD, limit=10)
    card_request = CardRequest.objects.get(pk=order.card_request_id)
    assert card_request.status == RequestStatus.DISPATCHED
    assert card_request.events.filter(action="DISPATCH").count() == 1


def test_two_workers_apply_one_file_and_each_line_once(monkeypatch):
    monkeypatch.setattr(sweep, "CHUNK", 3)
    orders = make_orders(12)
    numbered = [made(order, card_number=f"A{n:08d}") for n, order in enumerate(orders)]
    receive(report_file.write([*numbered, *map(sent, orders)]))
    at_once(*[lambda: applying.apply_due(at=HEARD)] * 2)
    applying.apply_due(at=HEARD)
    assert not BureauReport.objects.open().exists()
    assert Card.objects.count() == 12
    requests = CardRequest.objects.filter(status=RequestStatus.DISPATCHED)
    assert requests.count() == 12
    for action in ("PRODUCE", "DISPATCH", "ISSUE", "MAKE", "SEND"):
        assert Event.objects.filter(action=action).count() == 12


def test_workers_with_crossed_lines_do_not_wait_for_each_other(monkeypatch):
    """Each worker holds the lock that the other one needs: no worker may wait for a lock then."""
    monkeypatch.setattr(sweep, "CHUNK", 2)
    orders = make_orders(6)
    said = []
    for n, (first, second) in enumerate(zip(orders[::2], orders[1::2], strict=True)):
        moment = AT + timedelta(days=4, minutes=n)
        said += [
            made(first, card_number=f"A{n:08d}", at=moment),
            sent(second, at=moment),
            made(second, card_number=f"B{n:08d}", at=moment),
            sent(first, at=moment),
        ]
    receive(report_file.write(said))
    at_once(*[lambda: applying.apply_due(at=HEARD)] * 4)
    for _ in range(3):
        applying.apply_due(at=HEARD + applying.RETRY_AFTER)
    assert not BureauReport.objects.open().exists()
    assert CardRequest.objects.filter(status=RequestStatus.DISPATCHED).count() == 6


def test_a_request_that_somebody_holds_is_left_for_the_next_round():
    orders = make_orders(2)
    numbered = [made(order, card_number=f"A{n:08d}") for n, order in enumerate(orders)]
    receive(report_file.write(numbered))
    held, done = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            CardRequest.objects.select_for_update().get(pk=orders[0].card_request_id)
            held.set()
            assert done.wait(10)

    def work():
        held.wait(10)
        try:
            assert applying.apply_due(at=HEARD) == 1
        finally:
            done.set()

    at_once(hold, work)
    left = BureauReport.objects.open().get()
    assert (left.status, left.next_try_at) == (ReportStatus.NEW, HEARD)
    assert applying.apply_due(at=HEARD) == 1
