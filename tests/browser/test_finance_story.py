"""The finance story in Chromium: a bill comes by hand, differs twice, is settled; the month is
closed, to the fen.
"""

import csv
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from apps.bills.models import ClosedMonth
from apps.common.moments import day_of, start_of
from apps.desk import roles
from apps.payments.enums import DiscrepancyStatus
from apps.payments.models import Discrepancy
from tests.bills.test_closing import NEXT
from tests.chromium import DESKTOP, PHONE
from tests.factories.cards import AT
from tests.factories.payments import make_paid
from tests.factories.people import make_colleague, make_holder
from tests.finance.test_bills import trade_of, unknown
from tests.gateways.test_bill_file import csv_of, zipped

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.slow
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_finance_takes_a_bill_settles_what_differs_and_closes_the_month(
    signed_in, town, assert_accessible, tmp_path, monkeypatch, viewport
):
    paid, short = make_paid(), make_paid()
    monkeypatch.setattr("apps.finance.views.months.timezone.now", lambda: start_of(NEXT))
    bill = tmp_path / "bill.zip"
    bill.write_bytes(
        zipped(csv_of(trade_of(paid), trade_of(short, amount_fen=990), unknown(), day=day_of(AT)))
    )
    colleague = make_holder(name="钱会计", user=make_colleague(roles.FINANCE))
    page = signed_in(colleague, viewport=viewport)

    page.goto(reverse("admin:bills_dailybill_import"))
    page.set_input_files("input[type=file]", bill)
    page.get_by_role("button", name="预览").click()
    expect(page.get_by_text("有 2 处对不上")).to_be_visible()
    assert_accessible(page)
    page.screenshot(path=tmp_path / "preview.png", full_page=True)
    page.get_by_role("button", name="收下这份账单").click()
    expect(page.get_by_text("已收下")).to_be_visible()
    assert_accessible(page)
    page.screenshot(path=tmp_path / "bill.png", full_page=True)

    bill_page = page.url
    for what, why in (
        ("账单里有，我们没有到账", "查明是测试付款，已在商户后台退回"),
        ("金额", "支付平台已补记 0.10 元"),
    ):
        page.goto(bill_page)
        page.get_by_role("link", name=what).click()
        assert_accessible(page)
        page.get_by_label("怎样办结的").fill(why)
        page.get_by_role("button", name="办结").click()
        expect(page.get_by_text("已办结。")).to_be_visible()
    statuses = Discrepancy.objects.values_list("status", flat=True)
    assert list(statuses) == [DiscrepancyStatus.SETTLED] * 2

    page.get_by_role("link", name="月结").click()
    page.get_by_role("link", name="看 2026 年 11 月").click()
    expect(page.get_by_text("＋ 20.00 元")).to_be_visible()
    expect(
        page.get_by_text("19.82 元", exact=True)
    ).to_be_visible()  # three fees of 0.06 yuan were kept back
    assert_accessible(page)
    page.screenshot(path=tmp_path / "month.png", full_page=True)
    page.get_by_role("button", name="结账").click()
    expect(page.get_by_text("已结账，不能再改")).to_be_visible()
    assert_accessible(page)
    page.screenshot(path=tmp_path / "closed.png", full_page=True)
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    rows = list(csv.DictReader(lines))
    income, cost = (
        sum(Decimal(row[column] or 0) for row in rows) for column in ("收入（元）", "支出（元）")
    )
    assert (rows[0]["种类"], rows[-1]["种类"]) == ("期初", "期末")
    assert {row["收入（元）"] for row in rows} == {"10.00", ""}
    assert income - cost == Decimal(rows[-1]["余额（元）"]) == Decimal("19.82")
    assert ClosedMonth.objects.get().closing_fen == 2000 - 3 * 6
