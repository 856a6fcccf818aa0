"""Files as HR and its programs write them: read as they were meant, or called by their name."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from apps.roster import file as roster_file
from apps.roster import loading
from apps.roster.rows import ONLINE_COLUMNS
from apps.sheets import number_formats
from apps.sheets.cells import UnreadableSheet
from tests.factories.people import make_id_number

NUMBER = make_id_number(birth_date=date(1979, 3, 3), sequence=31)
OTHER = make_id_number(birth_date=date(1979, 3, 4), sequence=32)
NEEDED = ("工号", "姓名", "社会保障号码")
FILES = Path(__file__).parent / "files"


def read(content):
    return roster_file.read(content, columns=ONLINE_COLUMNS, required=loading.REQUIRED)


def refusal(content):
    with pytest.raises(UnreadableSheet) as refused:
        read(content)
    return refused.value


def saved(*rows, formats=(), merged=(), title=None):
    """A workbook of `rows`; `formats` are number formats by cell, `merged` ranges."""
    book = Workbook()
    if title:
        book.active.title = title
    for row in rows:
        book.active.append(list(row))
    for place, number_format in formats:
        book.active[place].number_format = number_format
    for place in merged:
        book.active.merge_cells(place)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def text(*rows, separator=","):
    return "\n".join(separator.join(row) for row in rows).encode()


@pytest.mark.parametrize(
    ("number", "number_format", "seen"),
    [
        (1234, "General", "1234"),
        (1234, "00000000", "00001234"),
        (1234, "00000000;[Red]-00000000", "00001234"),
        (1234, '"T"0000', "T1234"),
        (34, '"T"0000', "T0034"),
        (34, "\\T0000_ ", "T0034"),
        (13900001234, "000 0000 0000", "139 0000 1234"),
        (13900001234, "000-0000-0000", "139-0000-1234"),
        (123456, "00-00", "1234-56"),
        (1234, "#,##0", "1234"),
        (1234, "0.00", "1234"),
        (1234, "0_);[Red](0)", "1234"),
        (1234.0, "@", "1234"),
        (5, "[$-804]000", "005"),
        (1234, "[DBNum2]0", None),
        (1234, "0%", None),
        (1234, "# ?/?", None),
        (1234, "0.00E+00", None),
        (1234, "[>1000]000000", None),
        (-5, "000", "-5"),
    ],
)
def test_a_number_is_read_as_people_see_it(number, number_format, seen):
    assert number_formats.shown(number, number_format) == seen


def test_a_padded_number_is_read_with_its_zeros_and_the_reader_says_so():
    sheet = read(saved(NEEDED, (1234, "张三", NUMBER), formats=[("A2", "00000000")]))
    assert sheet.rows[0][1]["工号"] == "00001234"
    assert [column for column, _ in sheet.notes[2]] == ["工号"]


def test_a_number_format_that_nobody_can_follow_is_a_question():
    sheet = read(saved(NEEDED, (1234, "张三", NUMBER), formats=[("A2", "[DBNum2]0")]))
    assert "“文本”格式" in sheet.broken[2]["工号"][0]


@pytest.mark.parametrize(
    "headings",
    [
        ("工号", "姓 名", "社会保障\n号码"),
        ("*工号", "＊姓名", "★ 社会保障号码"),
        ("工号（必填）", "姓名(必填)", "社会保障号码（18位）"),
        ("工号", "姓名：", "社会保障号码（身份证号）"),
        ("\u3000工号\u200b", "姓\u00a0名", "社会保障号码 *"),
        ("职工号", "职工姓名", "身份证号"),
        ("教职工号*", "名字", "公民身份\r\n号码"),
        ("人员编号", "姓名", "证件号码"),
    ],
)
@pytest.mark.parametrize("as_file", [saved, text])
def test_headings_are_known_in_other_dress_and_in_other_words(headings, as_file):
    if as_file is text:
        headings = [f'"{heading}"' for heading in headings]
    sheet = read(as_file(headings, ("T1", "张三", NUMBER)))
    assert sheet.rows[0][1] == {"工号": "T1", "姓名": "张三", "社会保障号码": NUMBER}


@pytest.mark.parametrize(
    "above",
    [
        [("某某学院教职工名册",)],
        [("某某学院教职工名册",), ("制表：人事处", "2026年11月")],
        [(), ("教职工名册", None, "共 2 人"), ()],
    ],
)
def test_a_title_may_stand_above_the_headings(above):
    sheet = read(saved(*above, NEEDED, ("T1", "张三", NUMBER)))
    assert len(sheet.rows) == 1
    assert "没有读" in sheet.remarks[0]


def test_headings_in_two_rows_of_merged_cells():
    content = saved(
        ("工号", "基本信息", None, "部门"),
        (None, "姓名", "身份证号", None),
        ("T1", "张三", NUMBER, "信息学院"),
        merged=["A1:A2", "B1:C1", "D1:D2"],
    )
    assert read(content).rows[0][1] == {
        "工号": "T1",
        "姓名": "张三",
        "社会保障号码": NUMBER,
        "部门": "信息学院",
    }


def test_a_merged_department_counts_for_everybody_beside_it():
    content = saved(
        (*NEEDED, "部门"),
        ("T1", "张三", NUMBER, "信息学院"),
        ("T2", "李四", OTHER, None),
        merged=["D2:D3"],
    )
    sheet = read(content)
    assert [cells["部门"] for _, cells in sheet.rows] == ["信息学院", "信息学院"]
    assert "“信息学院”" in sheet.notes[3][0][1]
    assert 2 not in sheet.notes


def test_a_merged_phone_is_nobody_elses():
    content = saved(
        (*NEEDED, "手机号"),
        ("T1", "张三", NUMBER, "13900001234"),
        ("T2", "李四", OTHER, None),
        merged=["D2:D3"],
    )
    sheet = read(content)
    assert "手机号" not in sheet.rows[1][1]
    assert "合并" in sheet.broken[3]["手机号"][0]


def test_rows_of_nothing_but_a_merged_cell_are_no_people():
    content = saved((*NEEDED, "部门"), ("T1", "张三", NUMBER, "信息学院"), merged=["D2:D9"])
    assert len(read(content).rows) == 1


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("20260001.0", "20260001"),
        ("1.234E+03", "1234"),
        ("1.39E+10", "1.39E+10"),
        ("2E05", "2E05"),
        ("00001234", "00001234"),
    ],
)
def test_what_a_program_made_of_a_number_in_text_is_undone_where_nothing_is_lost(written, meant):
    sheet = read(text(NEEDED, (written, "张三", NUMBER)))
    assert sheet.rows[0][1]["工号"] == meant
    assert (2 in sheet.notes) == (written != meant)


def test_a_date_in_the_column_of_numbers_is_no_number():
    sheet = read(saved(NEEDED, (date(2026, 1, 2), "张三", NUMBER)))
    assert "日期" in sheet.broken[2]["工号"][0]


def test_a_cell_too_many_is_a_shifted_row_not_a_dropped_one():
    content = text((*NEEDED, "常住地址"), ("T1", "张三", NUMBER, "柳泉路12号", "3单元"))
    assert "错了位" in read(content).broken[2]["整行"][0]


def test_nothing_that_is_left_out_is_left_out_silently():
    book = saved(
        (*NEEDED, "", "备注"),
        ("T1", "张三", NUMBER, "无表头", ""),
        NEEDED,
        (None, None, None, None, "制表人"),
    )
    sheet = read(book)
    assert len(sheet.rows) == 1
    assert sheet.unknown_columns == ["备注"]
    assert [remark[:4] for remark in sheet.remarks] == ["第 2 ", "第 3 ", "第 4 "]


def test_other_sheets_that_are_not_read_are_named():
    book = Workbook()
    for row in (NEEDED, ("T1", "张三", NUMBER)):
        book.active.append(list(row))
    book.create_sheet("说明").append(["填写说明"])
    book.create_sheet("空的")
    content = io.BytesIO()
    book.save(content)
    assert read(content.getvalue()).remarks == ["没有读的工作表：说明。"]


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
        (b"%PDF-1.7", "PDF"),
        (b"Rar!\x1a\x07", "RAR"),
        (b"\xff\xd8\xff\xe0", "图片"),
    ],
)
def test_what_is_no_workbook_is_called_what_it_is(content, name):
    assert name in refusal(content).message


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_its_mark_is_read(encoding):
    content = text(NEEDED, ("T1", "张三", NUMBER), separator="\t").decode().encode(encoding)
    assert read(content).rows[0][1]["姓名"] == "张三"


def test_a_text_that_was_cut_within_a_character_is_not_read_as_another_encoding():
    whole = text((*NEEDED, "部门"), *[("T1", "张三", NUMBER, "信息学院")] * 20)
    assert "传完整" in refusal(whole[:-1]).message


def test_a_first_line_that_names_the_separator():
    content = b"sep=;\r\n" + text(NEEDED, ("T1", "张三", NUMBER), separator=";")
    assert [line for line, _ in read(content).rows] == [3]


def test_two_columns_that_could_be_the_same_one_are_not_guessed():
    content = saved(("工号", "姓名", "身份证号", "证件号码"), ("T1", "张三", NUMBER, OTHER))
    assert "缺少这些列：社会保障号码" in refusal(content).message


def test_people_without_headings_are_not_taken_for_headings():
    assert "缺少这些列" in refusal(text(("T1", "张三", NUMBER), ("T2", "李四", OTHER))).message


def test_a_quote_that_is_never_closed_swallows_nobody():
    rows = [f"T{place},张三,{NUMBER},路" for place in range(6)]
    rows[1] = f'T1,张三,{NUMBER},"路'
    head = ",".join((*NEEDED, "常住地址"))
    assert "引号没有成对" in refusal("\n".join([head, *rows]).encode()).message
    rows[4] = f'T4,张三,{NUMBER},路"'
    assert "引号没有成对" in refusal("\n".join([head, *rows]).encode()).message


@pytest.mark.parametrize(
    "written", ["1985-06-15 00:00:00", "1985/6/15 0:00", "1985-06-15T00:00:00.000"]
)
def test_a_day_that_a_database_wrote_with_its_midnight(written):
    sheet = read(text((*NEEDED, "出生日期"), ("T1", "张三", NUMBER, written)))
    assert sheet.rows[0][1]["出生日期"] in ("1985-06-15", "1985/6/15")
    assert "00:00" in sheet.notes[2][0][1]


def test_a_column_far_to_the_right_is_named():
    content = saved(NEEDED, ("T1", "张三", NUMBER, *[None] * 70, "x"))
    assert read(content).remarks == ["第 2 行有内容在很靠右的列里，没有读。"]


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


def with_result(content, formula, result, *, place, kind="n"):
    """`content` with the `result` that a spreadsheet would have saved beside the `formula`.

    `kind` is that of the cell `place`: n a number, str a text, e an error.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.infolist():
            empty = f'<c r="{place}"><f>{formula}</f><v />'
            whole = f'<c r="{place}" t="{kind}"><f>{formula}</f><v>{result}</v>'
            new.writestr(part, old.read(part).decode().replace(empty, whole))
    return target.getvalue()


def test_of_a_formula_the_saved_result_counts_and_the_reader_says_so():
    rows = [("T1", "张三", NUMBER, "女"), ("T2", "李四", OTHER, "=1+1")]
    content = with_result(saved((*NEEDED, "性别"), *rows), "1+1", "女", place="D3", kind="str")
    sheet = read(content)
    assert [cells["性别"] for _, cells in sheet.rows] == ["女", "女"]
    assert "公式" in sheet.notes[3][0][1]
    assert 2 not in sheet.notes


def test_a_formula_that_failed_is_broken():
    content = saved((*NEEDED, "性别"), ("T1", "张三", NUMBER, "=1+1"))
    assert (
        "公式"
        in read(with_result(content, "1+1", "#N/A", place="D2", kind="e")).broken[2]["性别"][0]
    )


def test_rows_that_a_filter_hides_are_read_and_named():
    book = Workbook()
    for row in (NEEDED, ("T1", "张三", NUMBER), ("T2", "李四", OTHER)):
        book.active.append(list(row))
    book.active.row_dimensions[3].hidden = True
    content = io.BytesIO()
    book.save(content)
    sheet = read(content.getvalue())
    assert len(sheet.rows) == 2
    assert sheet.remarks == ["第 3 行在表格里是隐藏的（例如被筛选掉），也读了，请核对。"]
