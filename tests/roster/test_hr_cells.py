"""Numbers, dates and formulas as programs write them: read as people see them."""

import io
import re
import zipfile
from datetime import date

import pytest

from apps.roster.staff_form import StaffForm
from apps.sheets import cells, number_formats
from tests.factories.cards import AT
from tests.roster.hr_sheets import NEEDED, NUMBER, OTHER, read, saved, text


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
    ("written", "meant"),
    [
        ("20260001.0", "20260001"),
        ("1.234E+03", "1234"),
        ("1.39E+10", "1.39E+10"),
        ("2E05", "2E05"),
        ("00001234", "00001234"),
        ('"1,001"', "1001"),
        ('"1,234,567.00"', "1234567"),
    ],
)
def test_what_a_program_made_of_a_number_in_text_is_undone_where_nothing_is_lost(written, meant):
    sheet = read(text(NEEDED, (written, "张三", NUMBER)))
    assert sheet.rows[0][1]["工号"] == meant
    assert (2 in sheet.notes) == (written != meant)


@pytest.mark.parametrize("sign", "'‘’`´＇")
def test_the_sign_of_a_text_before_a_number_is_no_part_of_it(sign):
    sheet = read(text(NEEDED, ("T1", "张三", sign + NUMBER)))
    assert sheet.rows[0][1]["社会保障号码"] == NUMBER


def test_an_apostrophe_of_a_name_stays():
    assert cells.from_text("‘Abd al-Rahman").text == "‘Abd al-Rahman"


def test_a_phone_with_commas_between_its_digits_is_a_phone():
    sheet = read(text((*NEEDED, "手机号"), ("T1", "张三", NUMBER, '"13,900,001,234"')))
    assert sheet.rows[0][1]["手机号"] == "13900001234"
    assert "逗号" in sheet.notes[2][0][1]


@pytest.mark.parametrize("phone", [13900000000, "1.39E+10", "13900000000"])
def test_a_phone_of_which_a_spreadsheet_has_lost_the_end_is_a_question(phone):
    sheet = read(saved((*NEEDED, "手机号"), ("T1", "张三", NUMBER, phone)))
    form = StaffForm({"phone": sheet.rows[0][1]["手机号"]}, at=AT)
    assert "科学计数法" in form.errors["phone"][0]


def test_an_id_number_with_digits_behind_it_has_lost_its_end():
    assert "后几位" in StaffForm({"id_number": f"{NUMBER}.0"}, at=AT).errors["id_number"][0]


@pytest.mark.parametrize(("word", "sex"), [("男性", "1"), ("m", "1"), ("Female", "2")])
def test_usual_words_for_a_sex_are_known(word, sex):
    form = StaffForm({"sex": word}, at=AT)
    form.full_clean()
    assert form.cleaned_data["sex"] == sex


@pytest.mark.parametrize(
    ("written", "kept"),
    [("信息\n学院", "信息学院"), ("IT\r\n学院", "IT学院"), ("School\nof Law", "School of Law")],
)
def test_a_line_break_in_a_cell_is_no_part_of_a_department(written, kept):
    form = StaffForm({"department": written}, at=AT)
    form.full_clean()
    assert form.cleaned_data["department"] == kept


def test_a_date_in_the_column_of_numbers_is_no_number():
    sheet = read(saved(NEEDED, (date(2026, 1, 2), "张三", NUMBER)))
    assert "日期" in sheet.broken[2]["工号"][0]


def test_a_truth_value_is_no_number_and_no_department():
    headings = (*NEEDED, "部门", "已有社保卡")
    sheet = read(saved(headings, (True, "张三", NUMBER, False, True)))
    assert {"工号", "部门"} == set(sheet.broken[2])
    assert "逻辑值" in sheet.broken[2]["部门"][0]
    assert sheet.rows[0][1]["已有社保卡"] == "是"


@pytest.mark.parametrize(
    "written", ["1985-06-15 00:00:00", "1985/6/15 0:00", "1985-06-15T00:00:00.000"]
)
def test_a_day_that_a_database_wrote_with_its_midnight(written):
    sheet = read(text((*NEEDED, "出生日期"), ("T1", "张三", NUMBER, written)))
    assert sheet.rows[0][1]["出生日期"] in ("1985-06-15", "1985/6/15")
    assert "00:00" in sheet.notes[2][0][1]


def with_result(content, formula, result, *, place, kind="n"):
    """`content` with the `result` that a spreadsheet would have saved beside the `formula`.

    `kind` is that of the cell `place`: n a number, str a text, e an error.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.infolist():
            # How an empty element is written differs between the XML libraries.
            empty = rf'<c r="{place}"><f>{re.escape(formula)}</f>(<v ?/>|<v></v>)'
            whole = f'<c r="{place}" t="{kind}"><f>{formula}</f><v>{result}</v>'
            new.writestr(part, re.sub(empty, whole, old.read(part).decode()))
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


@pytest.mark.parametrize("formula", ['="信息"&"学院"', "=A1", '=VLOOKUP("a",B:C,2,0)'])
def test_a_formula_in_a_text_file_is_no_department(formula):
    """A spreadsheet that writes its formulas into a CSV file; ="…" alone only protects a number."""
    cell = cells.from_text(formula)
    assert "这一格是公式" in cell.broken


def test_a_number_that_is_kept_by_a_formula_is_read():
    assert cells.from_text('="00123"') == cells.Cell("00123")
    assert cells.from_text('="a ""b"" c"') == cells.Cell('a "b" c')


def test_of_two_texts_joined_by_a_formula_the_formula_is_not_the_value():
    """="A0"&"001" begins and ends as a protected number does, and has no saved result here."""
    sheet = read(saved(NEEDED, ('="A0"&"001"', "张超", NUMBER)))
    assert "这一格是公式" in sheet.broken[2]["工号"][0]


@pytest.mark.parametrize("as_file", [saved, text])
def test_a_day_that_became_its_number_is_read_and_the_reader_says_so(as_file):
    sheet = read(as_file((*NEEDED, "出生日期"), ("T1", "张三", NUMBER, "28917")))
    assert sheet.rows[0][1]["出生日期"] == "1979-03-03"
    assert sheet.notes[2] == [["出生日期", "电子表格里的日期序号，已读作 1979-03-03"]]


@pytest.mark.parametrize("year", ["1979", "0", "280917"])
def test_another_number_is_no_day(year):
    sheet = read(saved((*NEEDED, "出生日期"), ("T1", "张三", NUMBER, int(year))))
    assert sheet.rows[0][1]["出生日期"] == year


def test_a_line_break_that_a_workbook_writes_as_a_code_is_a_blank():
    sheet = read(saved(("工号", "姓名_x000D_\n", "社会保障号码"), ("T1_x000D_", "张三", NUMBER)))
    assert sheet.rows[0][1] == {"工号": "T1", "姓名": "张三", "社会保障号码": NUMBER}
