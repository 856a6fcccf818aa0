"""What the bureau's desk offers, to whom, and until when."""

import pytest
from django.utils import timezone

from apps.bureau import production, quarantine
from apps.bureau.adapters import report_file
from apps.bureau.enums import LineAction
from apps.bureau.models import BureauReport, QuarantinedLine
from apps.bureau_desk import offers, services
from apps.cards.enums import RequestStatus
from apps.desk import roles
from tests.factories.bureau import LATER, made, make_orders, receive
from tests.factories.cards import make_request
from tests.factories.people import make_colleague

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor():
    return make_colleague(roles.AUDITOR)


def test_a_batch_is_sent_again_until_it_has_left(supervisor, auditor):
    make_request(RequestStatus.APPROVED)
    batch = production.make_batch(at=LATER, limit=10)
    assert offers.retry_batch(batch, by=supervisor, at=LATER).is_open
    assert offers.retry_batch(batch, by=auditor, at=LATER).refusal.code == "no_permission"
    [order] = make_orders(1)
    assert "已送出" in offers.retry_batch(order.batch, by=supervisor, at=LATER).why_not


def test_a_report_is_tried_again_until_it_is_applied(supervisor):
    [order] = make_orders(1)
    receive(report_file.write([made(order)]))
    report = BureauReport.objects.get()
    assert offers.retry_report(report, by=supervisor, at=LATER).is_open
    assert services.retry_report(report=report, by=supervisor, at=timezone.now())
    assert not offers.retry_report(report, by=supervisor, at=LATER).is_open


def test_a_line_is_corrected_or_dismissed_once(supervisor, auditor):
    receive("\n".join([",".join(report_file.COLUMNS), "x,y", ""]).encode())
    line = QuarantinedLine.objects.get()
    found = offers.of_line(line, by=supervisor, at=LATER)
    assert [offer.action for offer in found.open] == [LineAction.CORRECT, LineAction.DISMISS]
    assert not offers.of_line(line, by=auditor, at=LATER).open
    quarantine.dismiss(line=line, reason="重复", by=supervisor, at=LATER)
    line.refresh_from_db()
    closed = offers.of_line(line, by=supervisor, at=LATER)
    assert {offer.refusal.code for offer in closed} == {"wrong_status"}


def test_only_a_supervisor_hands_in_a_file(supervisor, auditor):
    assert offers.upload(by=supervisor).is_open
    assert not offers.upload(by=auditor).is_open
