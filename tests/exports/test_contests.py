"""Two workers, and two tabs of one person, at once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.http import QueryDict

from apps.cards.enums import RequestStatus
from apps.exports import services, working
from apps.exports.enums import ExportFormat
from apps.exports.models import Export
from apps.review.filters import RequestFilter
from tests.contests import at_once
from tests.factories.cards import AT, make_request
from tests.factories.people import make_reviewer

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

LATER = AT + timedelta(hours=1)


def order(by):
    form = RequestFilter(QueryDict("stage=all"))
    form.is_valid()
    return services.order(
        form=form, format=ExportFormat.CSV, is_full=False, reason="", by=by, at=LATER
    )


def test_one_export_is_claimed_by_one_worker():
    make_request(RequestStatus.ACCEPTED)
    order(make_reviewer())
    claimed, lock = [], threading.Lock()

    def claim():
        export = working.lease_next(at=LATER)
        with lock:
            claimed.append(export)

    at_once(*[claim] * 4)
    assert len([export for export in claimed if export]) == 1
    assert Export.objects.get().tries == 1


def test_one_export_is_finished_once():
    make_request(RequestStatus.ACCEPTED)
    order(make_reviewer())
    export = working.lease_next(at=LATER)
    name = working.write(export=export, clock=lambda: LATER)
    at_once(*[lambda: working.finish(export=export, name=name, at=LATER)] * 3)
    assert export.events.filter(action="FINISH").count() == 1


def test_many_tabs_order_no_more_than_is_allowed(settings):
    settings.EXPORTS_IN_FLIGHT = 2
    make_request(RequestStatus.ACCEPTED)
    reviewer = make_reviewer()
    connection.close()
    refusals = at_once(*[lambda: order(reviewer)] * 5)
    assert [refusal.code for refusal in refusals] == ["in_flight"] * 3
    assert Export.objects.count() == 2
