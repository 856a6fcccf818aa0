"""The first page of finance says what the lists say that it links to."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.bills import booking
from apps.desk import roles
from apps.finance import desk_start
from apps.gateways.port import current_gateway_name
from tests.backoffice.start.steps import NOW, refunding
from tests.factories.payments import make_paid
from tests.factories.people import make_colleague
from tests.payments.test_notifications import notice, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    client.force_login(make_colleague(roles.FINANCE))
    return client


def test_what_is_open_is_what_the_lists_show(desk):
    at = timezone.now()
    refunding(at - timedelta(hours=1), error="GatewayUnavailable: 503")
    send(desk, notice(make_paid(at=at - timedelta(hours=2)), trade_no="T-SECOND"))
    part = desk_start.collect(at)
    kinds = {work.key: work for work in part["kinds"]}
    shown = desk.get(kinds["refunds"].url).context
    assert kinds["refunds"].count == shown["refund_count"] == 1
    assert kinds["discrepancies"].count == shown["discrepancy_count"] == 1
    assert part["open"] == 2
    assert kinds["bills"].count == desk.get(kinds["bills"].url).context["missing"]
    html = desk.get(reverse("admin:index")).content.decode()
    assert "<b>2</b> 笔要处理" in html
    assert "admin/cards/" not in html  # finance reads no case


def test_this_month_counts_the_payments_of_the_list_behind_it(desk):
    at = timezone.now()
    for _ in range(2):
        make_paid(at=at)
    paid, refunded = desk_start.collect(at)["this_month"]
    assert (paid["count"], refunded["count"]) == (2, 0)
    page = desk.get(paid["url"]).context["page"]
    assert len(page.payments) == paid["count"]
    assert sum(payment.amount_fen for payment in page.payments) == paid["fen"]


def test_months_are_named_until_they_are_closed(desk):
    make_paid(at=NOW - timedelta(days=70))
    gateway = current_gateway_name()
    months = booking.over_and_open(gateway, NOW)
    assert [month.month for month in months] == [9, 10]
    work = {one.key: one for one in desk_start.collect(NOW)["kinds"]}["months"]
    assert (work.count, work.note) == (2, "先结 2026 年 9 月。")
    assert desk.get(work.url).context["month"] == months[0]


def test_more_payments_cost_no_more_queries():
    counts = []
    for _ in range(2):
        for _ in range(2):
            refunding(NOW - timedelta(hours=1), error="x")
        with CaptureQueriesContext(connection) as captured:
            part = desk_start.collect(NOW)
            _ = list(part["bills"]), list(part["months"])
        counts.append(len(captured))
    assert counts[0] == counts[1]
