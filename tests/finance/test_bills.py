"""日账单: the bills of the days, their differences, and one that is brought by hand."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from apps.bills import services
from apps.bills.enums import BillStatus
from apps.bills.models import BillLine, DailyBill
from apps.common.moments import day_of
from apps.desk import roles
from apps.events.models import Event
from apps.payments.enums import DiscrepancyKind, DiscrepancyStatus
from apps.payments.models import Discrepancy, Payment
from tests.factories.cards import AT
from tests.factories.payments import make_paid
from tests.factories.people import make_colleague
from tests.gateways.test_bill_file import Trade, csv_of

pytestmark = pytest.mark.django_db

LIST = reverse("admin:bills_dailybill_changelist")
IMPORT = reverse("admin:bills_dailybill_import")
DAY = day_of(AT)


@pytest.fixture
def finance(client):
    client.force_login(make_colleague(roles.FINANCE))
    return client


def trade_of(payment, **changes):
    trade = Trade(1)
    trade.trade_number, trade.order_number = payment.trade_number, payment.reference
    trade.created_at = trade.paid_at = payment.paid_at
    for name, value in changes.items():
        setattr(trade, name, value)
    return trade


def unknown():
    trade = Trade(7)
    trade.created_at = trade.paid_at = AT + timedelta(hours=1)
    return trade


def upload(data):
    return {"file": SimpleUploadedFile("20260101_业务明细.csv", data)}


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def held(page):
    """The fields by which the page carries the chosen file along."""
    return {"file-held": page.split('name="file-held" value="')[1].split('"')[0]}


def test_a_bill_is_looked_at_before_it_is_taken_and_taken_once(finance):
    payment = make_paid()
    page = text(finance.post(IMPORT, upload(csv_of(trade_of(payment), unknown(), day=DAY))))
    for words in ("还没有收下", "20.00 元", "有 1 处对不上", "账单里有，我们没有到账", "T7"):
        assert words in page
    assert not BillLine.objects.exists()
    response = finance.post(IMPORT, held(page) | {"confirm": "1"}, follow=True)
    page = text(response)
    assert "有 1 处不符" in page
    bill = DailyBill.objects.get()
    assert (bill.day, bill.status, bill.lines.count()) == (DAY, BillStatus.COMPARED, 2)
    assert bill.taken_by == Event.objects.of_kind(DailyBill.lifecycle).last().by
    again = text(
        finance.post(IMPORT, upload(csv_of(trade_of(payment), day=DAY)) | {"confirm": "1"})
    )
    assert "已经收下并核对过了" in again
    assert BillLine.objects.count() == 2


def test_bad_lines_are_named_and_nothing_is_taken(finance):
    data = csv_of(trade_of(make_paid()), unknown(), day=DAY).decode("gbk")
    data = data.replace("T7\t,ORDER7\t,交易", "T7\t,ORDER7\t,转账").encode("gbk")
    page = text(finance.post(IMPORT, upload(data)))
    assert "第 7 行：业务类型「转账」不是交易，也不是退款" in page
    assert "收下这份账单" not in page
    page = text(finance.post(IMPORT, upload(data) | {"confirm": "1"}))
    assert "有 1 行读不出来" in page
    assert not BillLine.objects.exists()
    assert not DailyBill.objects.exists(), "and no bill waits that nobody expects"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"hello", "账单不完整"),
        (csv_of(Trade(1)).replace(b"sandbox-seller", b"2088999999999999"), "另一个商户"),
        (csv_of(Trade(1), day=day_of(timezone.now())), "今天还没有过完"),
    ],
)
def test_what_is_no_bill_of_ours_is_refused_beside_the_field(finance, data, says):
    page = text(finance.post(IMPORT, upload(data)))
    assert says in page
    assert "收下这份账单" not in page


def test_a_difference_is_settled_by_finance_with_a_reason(finance):
    payment = make_paid()
    trade = trade_of(payment, amount_fen=900)
    page = text(finance.post(IMPORT, upload(csv_of(trade, day=DAY))))
    finance.post(IMPORT, held(page) | {"confirm": "1"})
    row = Discrepancy.objects.get()
    assert (row.kind, row.payment, row.holder) == (DiscrepancyKind.BILL_AMOUNT, payment, None)
    assert row.reference in text(finance.get(reverse("admin:payments_discrepancy_changelist")))
    address = reverse("admin:payments_discrepancy_change", args=[row.reference])
    page = text(finance.get(address))
    assert "账单的金额与订单不同" in page
    assert payment.card_request.reference in page
    assert "/admin/cards/" not in page
    settle = reverse("admin:payments_discrepancy_settle", args=[row.reference])
    assert "请写明" in text(finance.post(settle, {"settle-settlement": ""}))
    finance.post(settle, {"settle-settlement": "已向支付平台核实，下月补回"})
    row.refresh_from_db()
    assert row.status == DiscrepancyStatus.SETTLED
    assert Event.objects.of_kind(Discrepancy.lifecycle).last().role == "STAFF"


def test_a_waiting_bill_says_why_and_is_fetched_at_once(finance, monkeypatch):
    asked = []
    monkeypatch.setattr("apps.finance.views.bills.nudge", asked.append)
    bill = services.expect(gateway="sandbox", day=DAY, by=None, at=AT)
    DailyBill.objects.update(last_error="支付平台还没有这一天的账单", tries=3)
    assert "过了两天还没有取到" in text(finance.get(LIST))
    page = text(finance.get(reverse("admin:bills_dailybill_change", args=[bill.reference])))
    for words in ("支付平台还没有这一天的账单", "已取 3 次", "现在去取", "上传账单文件"):
        assert words in page
    finance.post(reverse("admin:bills_dailybill_fetch", args=[bill.reference]))
    assert len(asked) == 1
    assert DailyBill.objects.due(timezone.now()).get() == bill
    services.find_empty(bill=bill, at=timezone.now())
    late = finance.post(reverse("admin:bills_dailybill_fetch", args=[bill.reference]), follow=True)
    assert "不用再取" in text(late)
    assert len(asked) == 1


def test_an_auditor_reads_bills_and_brings_none(client):
    client.force_login(make_colleague(roles.AUDITOR))
    assert IMPORT not in text(client.get(LIST))
    assert client.get(IMPORT).status_code == 403


def test_more_lines_cost_no_more_queries(django_assert_max_num_queries):
    payment = make_paid()
    many = [Trade(number) for number in range(200)]
    for trade in many:
        trade.created_at = trade.paid_at = AT + timedelta(hours=1)
    data = csv_of(trade_of(payment), *many, day=DAY)
    bill = services.expect(gateway="sandbox", day=DAY, by=None, at=AT)
    file = services.read(gateway="sandbox", data=data)
    at = timezone.now()
    with django_assert_max_num_queries(25):
        found = services.take(bill=bill, file=file, data=data, by=None, at=at)
    assert len(found) == 200
    assert Payment.objects.count() == 1


@pytest.mark.parametrize("month", ["0000-00", "0000-01", "2026-13", "2026-00", "２０２６-01"])
def test_a_month_that_is_none_shows_all(finance, month):
    assert finance.get(LIST, {"month": month}).status_code == 200
