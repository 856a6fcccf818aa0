"""A report file is read line by line; what is wrong with a line is said in one sentence."""

from datetime import UTC, datetime

import pytest

from apps.bureau.adapters import report_file
from apps.bureau.models import BureauFile
from apps.bureau.port import OrderReport
from tests.factories.bureau import HEARD, csv_lines

GOOD = "R-1,ABCDEFGH23456789,MADE,2026-11-27 15:04:05,A12345678,,,"


def read(*lines):
    return report_file.read("回盘.csv", csv_lines(*lines), at=HEARD)


def test_a_line_is_read_as_the_agreement_says():
    [line] = read(GOOD).lines
    assert (line.number, line.fault) == (2, "")
    assert line.report == OrderReport(
        reference="R-1",
        order_reference="ABCDEFGH23456789",
        kind="MADE",
        at=datetime(2026, 11, 27, 7, 4, 5, tzinfo=UTC),
        card_number="A12345678",
    )


def test_what_is_written_is_read_again():
    reports = [line.report for line in read(GOOD, GOOD.replace("R-1", "R-2")).lines]
    again = report_file.read("回盘.csv", report_file.write(reports), at=HEARD)
    assert [line.report for line in again.lines] == reports


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("R-1,ABCDEFGH23456789,MADE", "这一行有 3 栏，应为 8 栏。"),
        (GOOD + ",,", "这一行有 10 栏，应为 8 栏。"),
        ('R-1,"ABCDEFGH23456789,MADE,2026-11-27,A12345678,,,', "这一行的引号不成对。"),
        (GOOD.replace("R-1", "R 1"), "回盘编号应为 1 至 60 位字母、数字、- 或 _。"),
        (GOOD.replace("R-1", "R" * 61), "回盘编号应为 1 至 60 位字母、数字、- 或 _。"),
        (GOOD.replace("ABCD", "AB"), "制卡单号应为 16 位大写字母和数字。"),
        (GOOD.replace("MADE", "DONE"), "办理结果只能是 MADE、FAILED 或 SENT。"),
        (GOOD.replace("2026-11-27", "27.11.2026"), "办理时间应写成 2026-11-27 15:04:05 的样子。"),
        (GOOD.replace("2026-11-27", "2026-13-27"), "办理时间应写成 2026-11-27 15:04:05 的样子。"),
        (GOOD.replace("2026-11-27", "0001-01-01"), "办理时间应写成 2026-11-27 15:04:05 的样子。"),
        (GOOD.replace("2026-11-27", "2062-11-27"), "办理时间在将来。"),
        (GOOD.replace("A12345678", "A1234567"), "社保卡号应为 9 位大写字母和数字。"),
        (GOOD.replace("A12345678", "a12345678"), "社保卡号应为 9 位大写字母和数字。"),
        (GOOD.replace("A12345678", ""), "「制卡成功」的行缺少社保卡号。"),
        (GOOD[:-2] + ",1,", "「制卡成功」的行不应有运单号。"),
        (GOOD.replace("MADE", "SENT"), "「已发出」的行不应有社保卡号。"),
        ("R-1,ABCDEFGH23456789,SENT,2026-11-27,,,1,", "「已发出」的行缺少承运方。"),
        ("R-1,ABCDEFGH23456789,SENT,2026-11-27,,EMS," + "1" * 31 + ",", "运单号超过 30 个字。"),
        (
            "R-1,ABCDEFGH23456789,SENT,2026-11-27,,EMS,1.23457E+12,",
            "运单号被电子表格改成了科学计数法，后几位已经丢失。",
        ),
        ("R-1,ABCDEFGH23456789,FAILED,2026-11-27,,,,", "「制卡失败」的行缺少失败原因。"),
        ("R-1,ABCDEFGH23456789,FAILED,2026-11-27,,,," + "错" * 201, "失败原因超过 200 个字。"),
        ("失败原因".encode("gbk"), "这一行不是 UTF-8 编码。"),
        (GOOD.replace("R-1", "R\x00"), "这一行有控制字符。"),
        (GOOD + "x" * 2000, "这一行超过 2000 个字。"),
    ],
)
def test_a_broken_line_says_what_is_wrong_and_breaks_no_other(line, fault):
    first, broken, last = read(GOOD, line, GOOD).lines
    assert (broken.number, broken.report, broken.fault) == (3, None, fault)
    assert len(broken.content) <= report_file.MAX_LINE
    assert first.report == last.report


@pytest.mark.parametrize("line", [GOOD, ""])
def test_a_mark_of_the_encoding_and_empty_lines_do_no_harm(line):
    data = b"\xef\xbb\xbf" + csv_lines(line, "", GOOD).replace(b"\r\n", b"\n")
    assert {line.report.reference for line in report_file.read("x", data, at=HEARD).lines} == {
        "R-1"
    }


HEADER = ",".join(report_file.COLUMNS)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "文件是空的"),
        (b"\xef\xbb\xbf\r\n", "文件是空的"),
        (b"PK\x03\x04\x14\x00", "文件的内容是 Excel 工作簿（.xlsx）或压缩包"),
        (csv_lines(GOOD).decode().encode("utf-16"), "文件不是 UTF-8 编码（可能是 UTF-16）"),
        (b"\x00\xff", "文件不是 UTF-8 编码"),
        (b"\xff\xd8", "第一行不是约定的表头"),
        (GOOD.encode(), "第一行不是约定的表头，整个文件没有读取。请对照"),
        (HEADER.replace(",", ";").encode(), "栏之间是分号，应为半角逗号。"),
        (HEADER.replace(",carrier", "").encode(), "缺少：carrier。"),
        (f"{HEADER},x".encode(), "有 9 栏，应为 8 栏。"),
        (HEADER.encode() + b",x" * 100_000, "有 100008 栏，应为 8 栏。"),
        (HEADER.replace("result,done_at", "done_at,result").encode(), "栏的顺序应为：report_ref"),
    ],
)
def test_a_file_without_the_agreed_header_is_not_read_and_called_what_it_is(data, says):
    file = report_file.read("x", data, at=HEARD)
    assert file.lines == ()
    assert says in file.refusal
    assert "整个文件没有读取" in file.refusal
    assert len(file.refusal) <= BureauFile._meta.get_field("refusal").max_length


def test_headings_between_quotes_or_blanks_are_the_agreed_ones():
    quoted = ", ".join(f'"{name}"' for name in report_file.COLUMNS).replace(", ", ",")
    spaced = HEADER.replace(",", " , ")
    for header in (quoted, spaced):
        file = report_file.read("x", f"{header}\n{GOOD}\n".encode(), at=HEARD)
        assert [line.fault for line in file.lines] == [""]


def test_a_file_that_is_too_large_is_not_read_at_all(settings):
    settings.REPORT_MAX_BYTES = 10
    assert read(GOOD).refusal == report_file.TOO_LARGE


def test_a_file_of_very_many_short_lines_is_refused_whole(monkeypatch):
    """Two megabytes of them took 260 MB in the request that shows what an upload would do."""
    monkeypatch.setattr(report_file, "MOST_LINES", 2)
    assert read(GOOD).refusal == ""
    assert read(GOOD, "x", "x").refusal == report_file.TOO_MANY
