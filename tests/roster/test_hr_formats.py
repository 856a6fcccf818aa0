"""Kinds of files and encodings: read, or called by their name."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from tests.roster.hr_sheets import NEEDED, NUMBER, read, refusal, saved, text

FILES = Path(__file__).parent / "files"


def test_an_old_workbook_is_read_with_its_formats_and_merged_cells():
    sheet = read((FILES / "hr97.xls").read_bytes())
    first, second = (cells for _, cells in sheet.rows)
    assert (first["工号"], first["手机号"], first["出生日期"]) == (
        "00001234",
        "13900001234",
        "1985-06-15",
    )
    assert (second["工号"], second["部门"]) == ("00001235", "信息学院")


def test_an_old_workbook_that_is_cut_is_damaged():
    content = (FILES / "hr97.xls").read_bytes()
    for end in (600, 2000, len(content) - 1500):
        assert refusal(content[:end]).code in {"damaged", "old_or_locked"}


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<html><table><tr><td>a</td></tr></table></html>", "网页（HTML）"),
        (b"\xef\xbb\xbf\r\n <TABLE border=1>", "网页（HTML）"),
        ("<meta charset=utf-16><table>".encode("utf-16"), "网页（HTML）"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "网页存档"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "XML 表格",
        ),
        (b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "XML 表格"),
        (b"<!-- 2026 -->\n<table>", "网页（HTML）"),
        (b"From: <x>\nMIME-Version: 1.0\n", "网页存档"),
        (b"ID;PWXL;N;E\r\nP;PGeneral\r\n", "SYLK"),
        (b"GIF89a\x01\x00", "图片（GIF）"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 \x01\x02", "不是表格"),
        (b"\x03\x7a\x01\x01\x02\x00\x00\x00" + bytes(40), "不是表格"),
        (b"%PDF-1.7", "PDF"),
        (b"Rar!\x1a\x07", "RAR"),
        (b"\xff\xd8\xff\xe0", "图片"),
    ],
)
def test_what_is_no_workbook_is_called_what_it_is(content, name):
    assert name in refusal(content).message


def test_rows_that_are_not_split_into_columns_are_called_that():
    rows = [f"{'  '.join(NEEDED)}", f"T1  张三  {NUMBER}"]
    assert "分列" in refusal("\n".join(rows).encode()).message
    assert "分列" in refusal(saved(*([row] for row in rows))).message


def test_a_workbook_as_foxpro_exports_it_is_read():
    def record(number, data):
        return struct.pack("<HH", number, len(data)) + data

    content = record(9, struct.pack("<HH", 2, 0x10)) + record(0x42, struct.pack("<H", 936))
    for line, row in enumerate([NEEDED, ("T1", "张三", NUMBER)]):
        for place, cell in enumerate(row):
            text = cell.encode("gbk")
            content += record(4, struct.pack("<HH3xB", line, place, len(text)) + text)
    sheet = read(content + record(10, b""))
    assert sheet.rows == [(2, dict(zip(NEEDED, ("T1", "张三", NUMBER), strict=True)))]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_its_mark_is_read(encoding):
    content = text(NEEDED, ("T1", "张三", NUMBER), separator="\t").decode().encode(encoding)
    assert read(content).rows[0][1]["姓名"] == "张三"


@pytest.mark.parametrize("encoding", ["utf-32", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [";", "；", "\t", "|"])
def test_other_encodings_and_separators_are_read(encoding, separator):
    content = text(NEEDED, ("T1", "张三", NUMBER), separator=separator).decode().encode(encoding)
    assert read(content).rows == [(2, {"工号": "T1", "姓名": "张三", "社会保障号码": NUMBER})]


def test_traditional_characters_in_big5_are_not_read_as_others():
    content = text(("工號", "姓名", "身份證號"), ("T1", "張三", NUMBER)).decode().encode("big5")
    assert refusal(content).code == "encoding"


def test_a_zero_byte_is_no_part_of_a_name():
    sheet = read(text(NEEDED, ("T1", "张\0三", NUMBER)))
    assert sheet.rows[0][1]["姓名"] == "张三"
    assert sheet.originals[2] == ["T1", "张三", NUMBER]


def test_a_text_that_was_cut_within_a_character_is_not_read_as_another_encoding():
    whole = text((*NEEDED, "部门"), *[("T1", "张三", NUMBER, "信息学院")] * 20)
    assert "传完整" in refusal(whole[:-1]).message


def test_a_first_line_that_names_the_separator():
    content = b"sep=;\r\n" + text(NEEDED, ("T1", "张三", NUMBER), separator=";")
    assert [line for line, _ in read(content).rows] == [3]


def test_a_quote_that_is_never_closed_swallows_nobody():
    rows = [f"T{place},张三,{NUMBER},路" for place in range(6)]
    rows[1] = f'T1,张三,{NUMBER},"路'
    head = ",".join((*NEEDED, "常住地址"))
    assert "引号没有成对" in refusal("\n".join([head, *rows]).encode()).message
    rows[4] = f'T4,张三,{NUMBER},路"'
    assert "引号没有成对" in refusal("\n".join([head, *rows]).encode()).message


def test_a_strict_workbook_is_called_what_it_is():
    source, target = io.BytesIO(saved(NEEDED, ("T1", "张三", NUMBER))), io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.infolist():
            content = old.read(part).replace(
                b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                b"http://purl.oclc.org/ooxml/spreadsheetml/main",
            )
            new.writestr(part, content)
    assert refusal(target.getvalue()).code == "strict"


def test_the_end_mark_of_dos_is_nobody():
    assert len(read(text(NEEDED, ("T1", "张三", NUMBER)) + b"\n\x1a").rows) == 1
