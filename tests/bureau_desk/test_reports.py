"""The reports: what waits, what was refused, and another try."""

import pytest

from apps.bureau.adapters import report_file
from apps.bureau.enums import ReportAction
from apps.bureau.models import BureauReport
from apps.cards.enums import RequestStatus
from tests.bureau_desk.pages import status_of, text, url
from tests.factories.bureau import (
    failed,
    hear,
    made,
    make_orders,
    receive,
    sent,
)

pytestmark = pytest.mark.django_db


def test_reports_show_what_waits_and_what_was_refused(client, supervisor):
    first, second = make_orders(2)
    hear(sent(first), failed(second))
    hear(made(second))
    page = text(client.get(url("bureaureport_changelist")))
    assert "等「制卡成功」的回盘" in page
    assert "这张制卡单已经回报过制卡失败。" in page
    waiting = text(client.get(url("bureaureport_changelist"), {"state": "WAITING"}))
    assert first.reference in waiting
    assert second.reference not in waiting


def test_a_report_is_tried_again_at_once(client, supervisor):
    [order] = make_orders(1)
    receive(report_file.write([made(order)]))
    report = BureauReport.objects.get()
    page = client.post(url("bureaureport_retry", report.reference), follow=True)
    assert "这一条已经登记，申请已往前走一步。" in text(page)
    assert status_of(order) == RequestStatus.PRODUCED
    assert [(event.action, event.by) for event in report.events] == [
        (ReportAction.RECEIVE, None),
        (ReportAction.RETRY, supervisor),
        (ReportAction.APPLY, None),
    ]
    again = client.post(url("bureaureport_retry", report.reference), follow=True)
    assert "已经登记过了" in text(again)


def test_a_report_that_still_cannot_be_applied_says_why(client, supervisor):
    [order] = make_orders(1)
    hear(failed(order), made(order))
    page = client.post(url("bureaureport_retry", made(order).reference), follow=True)
    assert "这一条还不能登记" in text(page)
    assert "这张制卡单已经回报过制卡失败。" in text(page)
