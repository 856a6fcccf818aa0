"""Two workers at once: a batch leaves once, a file is taken once, a report is applied once."""

import pytest

from apps.bureau import production
from apps.bureau.adapters import report_file
from apps.bureau.models import BureauFile, BureauReport, ProductionBatch
from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from tests.contests import at_once
from tests.factories.bureau import HEARD, LATER, made, make_orders, put_report, sent
from tests.factories.cards import make_request

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
    at_once(*[lambda: production.apply_reports(at=HEARD, limit=10)] * 4)
    production.apply_reports(at=HEARD, limit=10)
    card_request = CardRequest.objects.get(pk=order.card_request_id)
    assert card_request.status == RequestStatus.DISPATCHED
    assert card_request.events.filter(action="DISPATCH").count() == 1
