"""Both adapters do what the port promises."""

from datetime import timedelta

import pytest

from apps.bureau import applying, production
from apps.bureau.adapters import report_file
from apps.bureau.models import BureauReport, ProductionBatch
from apps.bureau.port import get_bureau
from apps.cards.enums import RequestStatus
from tests.factories.bureau import HEARD, LATER, made, make_orders, put_report, sent

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["simulated", "files"])
def bureau_reports(request, settings):
    """`bureau_reports(order)`: the bureau has made and sent the card of `order` by `HEARD`."""
    if request.param == "simulated":
        settings.SIMULATED_BUREAU_PRODUCTION = timedelta(days=4)
        settings.SIMULATED_BUREAU_DISPATCH = timedelta(days=3)
        return lambda order: None
    _, folder = request.getfixturevalue("folders")

    def report(order):
        put_report(folder, "a.csv", report_file.write([made(order), sent(order)]), at=HEARD)

    return report


def test_a_batch_that_is_handed_over_twice_is_one_batch(bureau_reports):
    [order] = make_orders(1)
    ProductionBatch.objects.update(status="WAITING", next_try_at=LATER)
    assert production.submit_batches(at=LATER, limit=10) == 1
    bureau_reports(order)
    production.fetch_reports(at=HEARD)
    applying.apply_due(at=HEARD, limit=10)
    order.card_request.refresh_from_db()
    assert order.card_request.status == RequestStatus.DISPATCHED
    assert BureauReport.objects.count() == 2


def test_reports_come_again_until_they_are_acknowledged(bureau_reports):
    [order] = make_orders(1)
    bureau_reports(order)
    bureau = get_bureau()
    first, again = list(bureau.fetch(at=HEARD)), list(bureau.fetch(at=HEARD))
    assert first == again
    assert [line.report.kind for file in first for line in file.lines] == ["MADE", "SENT"]
    for file in first:
        bureau.acknowledge(file)
        bureau.acknowledge(file)
    assert list(bureau.fetch(at=HEARD)) == []


def test_what_nobody_ordered_is_not_reported(bureau_reports):
    assert list(get_bureau().fetch(at=HEARD)) == []


def test_deleting_old_files_leaves_what_is_new(bureau_reports):
    [order] = make_orders(1)
    bureau_reports(order)
    get_bureau().forget(before=LATER - timedelta(days=365))
    assert list(get_bureau().fetch(at=HEARD))
