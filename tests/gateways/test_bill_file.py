"""Alipay's bill is read from the file as it comes, and a file that is not whole is refused."""

import io
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest

from apps.cashier import bills
from apps.gateways import bill_file
from apps.gateways.bill_file import UnreadableBill

DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


class Trade:
    """What the cashier knows of one trade, without a database."""

    def __init__(self, number, *, amount_fen=1000, refunded=False):
        self.trade_number, self.order_number = f"T{number}", f"ORDER{number}"
        self.token, self.subject = f"token{number}", "社会保障卡申领费用"
        self.amount_fen, self.refunded_fen = amount_fen, 0
        self.created_at = self.paid_at = NOON
        self.refund_number = f"R{number}" if refunded else ""
        self.refunded_at = NOON + timedelta(hours=1) if refunded else None


def csv_of(*trades, day=DAY):
    return bills.written(day, trades, [trade for trade in trades if trade.refund_number])


def zipped(content):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("20880001_20261120_业务明细(汇总).csv", "#业务汇总".encode("gbk"))
        archive.writestr("20880001_20261120_业务明细.csv", content)
    return packed.getvalue()


def two_of(*contents):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number, content in enumerate(contents):
            archive.writestr(f"{number}_业务明细.csv", content)
    return packed.getvalue()


def test_trades_refunds_and_fees_are_read_from_the_zip():
    found = bill_file.read(zipped(csv_of(Trade(1), Trade(2, amount_fen=1600, refunded=True))))
    assert (found.day, found.account, found.bad_lines) == (DAY, "sandbox-seller", [])
    assert [(e.is_refund, e.trade_number, e.amount_fen, e.fee_fen) for e in found.entries] == [
        (False, "T1", 1000, -6),
        (False, "T2", 1600, -10),
        (True, "T2", 1600, 0),
    ]
    assert found.entries[2].request_number == "R2"
    assert found.entries[0].finished_at == NOON


def test_columns_are_found_by_their_names_in_any_order():
    text = csv_of(Trade(1)).decode("gbk")
    lines = text.split("\r\n")
    lines[4] = lines[4].replace("备注", "新的一栏")
    moved = [",".join([cells[-1], *cells[:-1]]) for cells in (li.split(",") for li in lines[4:6])]
    found = bill_file.read("\r\n".join([*lines[:4], *moved, *lines[6:]]).encode("gbk"))
    assert [entry.amount_fen for entry in found.entries] == [1000]


def test_a_file_saved_as_utf8_with_a_mark_is_read_too():
    data = csv_of(Trade(1)).decode("gbk").encode("utf-8-sig")
    assert len(bill_file.read(data).entries) == 1


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda data: data[: len(data) // 2], "不完整"),
        (lambda data: data[: data.rindex("#交易合计".encode("gbk"))], "合计"),
        (lambda data: zipped(data)[:-40], "打不开"),
        (lambda data: zipped(b"a,b"), "没有业务明细"),
        (lambda data: b"<html>500</html>", "不是「业务明细」日账单"),
        (lambda data: data.decode("gbk").encode("utf-16"), "换了格式、编码"),
        (lambda data: two_of(data, data.replace(b"10.00", b"11.00")), "有 2 份业务明细"),
        (lambda data: data.replace("起始日期".encode("gbk"), b"day"), "哪一天"),
        (lambda data: data.replace("服务费（元）".encode("gbk"), b"fee"), "缺少这些列：服务费"),
        (lambda data: data.replace("合计：1笔".encode("gbk"), "合计：2笔".encode("gbk")), "2 笔"),
        (lambda data: b"\x89PNG\xff\xff", "不是「业务明细」日账单"),
    ],
)
def test_what_is_no_whole_bill_is_refused_with_the_reason(spoil, says):
    with pytest.raises(UnreadableBill, match=says):
        bill_file.read(spoil(csv_of(Trade(1))))


def test_the_bill_of_another_day_is_refused():
    with pytest.raises(UnreadableBill, match="2026-11-20 的账单，要的是 2026-11-21"):
        bill_file.read(csv_of(Trade(1)), day=DAY + timedelta(days=1))


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("10.00\t", "1O.00\t", "不是金额"),
        ("10.00\t", "-10.00\t", "正负不对"),
        ("交易\t", "转账\t", "不是交易"),
        ("T1\t", "\t", "支付宝交易号空着"),
        ("2026-11-20 12:00:00", "2026-11-19 12:00:00", "不在账单的这一天"),
        ("2026-11-20 12:00:00", "noon", "不是时间"),
        ("0.00\t,\t", "0.00\t,\t,\t", "应有 25 栏，实有 "),
    ],
)
def test_a_line_that_cannot_be_read_is_named(old, new, why):
    data = csv_of(Trade(1), Trade(2)).decode("gbk")
    begin = data.index("\nT1")
    data = data[:begin] + data[begin:].replace(old, new, data[begin:].count(old) // 2 or 1)
    found = bill_file.read(data.encode("gbk"))
    assert [number for number, _ in found.bad_lines] == [6]
    assert why in found.bad_lines[0][1]
    assert [entry.trade_number for entry in found.entries] == ["T2"]


def test_a_line_that_stands_twice_counts_once_unless_the_amounts_differ():
    data = csv_of(Trade(1), Trade(1), Trade(2))
    found = bill_file.read(data)
    assert (len(found.entries), found.repeated, found.bad_lines) == (2, 1, [])
    found = bill_file.read(csv_of(Trade(1), Trade(1, amount_fen=900)))
    assert found.bad_lines == [(7, "与第 6 行是同一笔，金额却不同")]


def refused_as_too_large(data):
    with pytest.raises(bill_file.UnreadableBill) as refused:
        bill_file.read(data)
    return "太大" in str(refused.value)


def test_a_small_zip_of_very_many_lines_is_refused_before_they_are_looked_at():
    """82 KB took 684 MB."""
    mark = "#----业务明细列表----\n"
    assert refused_as_too_large(zipped((mark + "\n" * bill_file.MOST_LINES).encode("gb18030")))


def test_the_files_of_a_zip_share_one_limit(monkeypatch):
    monkeypatch.setattr(bill_file, "MOST_BYTES", 10_000)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"{number}.csv", b"x" * 4000)
    assert refused_as_too_large(packed.getvalue())
    assert refused_as_too_large(b"x" * 10_001)
