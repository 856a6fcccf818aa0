"""月结 at the desk: what is shown is closed, once, and its file adds up."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse

from apps.bills.models import ClosedMonth
from apps.common.moments import day_of, start_of
from apps.desk import roles
from apps.events.models import Event
from tests.bills.test_closing import NEXT, take_bill
from tests.factories.cards import AT
from tests.factories.payments import make_paid
from tests.factories.people import make_colleague
from tests.finance.test_bills import text, trade_of

pytestmark = pytest.mark.django_db

LIST = reverse("admin:bills_closedmonth_changelist")
OPEN = reverse("admin:bills_closedmonth_open")
CLOSE = reverse("admin:bills_closedmonth_close")


@pytest.fixture
def finance(client, monkeypatch):
    """Somebody of the finance department on 1 December, with one payment and its bill."""
    paid = make_paid()
    take_bill(trade_of(paid), day=day_of(AT))
    at = start_of(NEXT) + timedelta(hours=12)
    monkeypatch.setattr("apps.finance.views.months.timezone.now", lambda: at)
    client.force_login(make_colleague(roles.FINANCE))
    return client


def shown(page):
    return page.split('name="shown" value="')[1].split('"')[0]


def test_what_the_page_shows_is_closed_and_an_old_page_closes_nothing(finance):
    assert "看 2026 年 11 月" in text(finance.get(LIST))
    page = text(finance.get(OPEN))
    for words in ("10.00 元", "0.06 元", "9.94 元", "结账：期末 9.94 元"):
        assert words in page
    assert "这一页已经旧了" in text(finance.post(CLOSE, {"shown": "2026-10-01 994"}))
    assert "又有变化" in text(finance.post(CLOSE, {"shown": "2026-11-01 1"}))
    assert not ClosedMonth.objects.exists()
    page = text(finance.post(CLOSE, {"shown": shown(page)}, follow=True))
    assert "已结账" in page
    assert ClosedMonth.objects.get().closing_fen == 994
    assert "9.94 元" in text(finance.get(LIST))
    assert "这一页已经旧了" in text(finance.post(CLOSE, {"shown": "2026-11-01 994"}))


def test_the_page_names_what_the_bills_say_otherwise(finance):
    assert "没有对不上的款项" in text(finance.get(OPEN))
    other = make_paid(at=AT + timedelta(days=1))
    take_bill(trade_of(other, amount_fen=900), day=day_of(AT) + timedelta(days=1))
    page = text(finance.get(OPEN))
    for words in ("20.00 元", "19.00 元", "1.00 元", "账单的金额与订单不同"):
        assert words in page


def test_the_file_adds_up_and_who_took_it_is_recorded(finance):
    finance.post(CLOSE, {"shown": shown(text(finance.get(OPEN)))})
    address = reverse("admin:bills_closedmonth_file", args=[ClosedMonth.objects.get().reference])
    rows = list(csv.reader(io.StringIO(finance.post(address, {"format": "CSV"}).content.decode())))
    assert [row[0] for row in rows[1:]] == ["期初", "收款", "服务费", "期末"]
    earned = sum(Decimal(row[4] or 0) for row in rows[1:])
    spent = sum(Decimal(row[5] or 0) for row in rows[1:])
    assert earned - spent == Decimal(rows[-1][6]) == Decimal("9.94")
    book = openpyxl.load_workbook(io.BytesIO(finance.post(address, {"format": "XLSX"}).content))
    assert book.active["E3"].value == 10
    assert finance.post(address, {"format": "PDF"}).status_code == 404
    taken = Event.objects.filter(subject_kind="closed_month", action="FETCH")
    assert taken.count() == 2


def test_nobody_of_the_finance_department_meets_a_name_or_a_case(finance):
    name = make_paid().card_request.holder.name
    for address in (
        LIST,
        OPEN,
        reverse("admin:index"),
        reverse("admin:bills_dailybill_changelist"),
    ):
        page = text(finance.get(address))
        assert name not in page
        assert "/admin/cards/" not in page
    assert finance.get(reverse("admin:cards_cardrequest_changelist")).status_code == 403


def test_an_auditor_reads_a_month_and_closes_none(client, finance):
    client.force_login(make_colleague(roles.AUDITOR))
    page = text(client.get(OPEN))
    assert "只有审核人和财务可以" in page
    assert client.post(CLOSE, {"shown": "2026-11-01 994"}).status_code == 403
