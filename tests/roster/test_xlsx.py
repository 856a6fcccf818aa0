"""Rosters as workbooks, with everything that a spreadsheet does to a number."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime, time, timedelta

import pytest
from openpyxl import Workbook, load_workbook

from apps.people.models import Holder
from apps.roster import file as roster_file
from apps.roster import loading
from apps.roster import services as rosters
from apps.roster import template as roster_template
from apps.roster.rows import ONLINE_COLUMNS
from apps.sheets.cells import UnreadableSheet
from tests.factories.people import make_id_number, make_user

AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
NUMBER = make_id_number(birth_date=date(1979, 3, 3), sequence=31)
OTHER = make_id_number(birth_date=date(1979, 3, 4), sequence=32)
NEEDED = ["工号", "姓名", "社会保障号码"]


def saved(book):
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def workbook(*rows, headings=(*NEEDED, "手机号", "出生日期")):
    book = Workbook()
    book.active.append(list(headings))
    for row in rows:
        book.active.append(list(row))
    return book


def read(content):
    return roster_file.read(content, columns=ONLINE_COLUMNS, required=loading.REQUIRED)


def refusal(content):
    with pytest.raises(UnreadableSheet) as refused:
        read(content)
    return refused.value


@pytest.mark.django_db
def test_numbers_and_dates_become_what_was_meant():
    book = workbook(
        (2026001.0, "张超", NUMBER, 13900001234.0, datetime.combine(date(1979, 3, 3), time()))
    )
    report = loading.load(
        content=saved(book), photo_folder=None, is_all_or_nothing=True, by=None, at=AT
    )
    assert report.problems == []
    holder = Holder.objects.get()
    assert (holder.user.employee_number, holder.phone) == ("2026001", "13900001234")


@pytest.mark.django_db
@pytest.mark.parametrize("number", [3.79999198603120e17, 379999198603120000])
def test_an_id_number_that_became_an_amount_is_refused_with_the_way_out(number):
    report = loading.load(
        content=saved(workbook(("T1", "张超", number))),
        photo_folder=None,
        is_all_or_nothing=False,
        by=None,
        at=AT,
    )
    assert [(found.line, found.column) for found in report.problems] == [(2, "社会保障号码")]
    assert "“文本”格式" in report.problems[0].reason


@pytest.mark.parametrize(
    ("cell", "words"),
    [("=A2&B2", "公式"), ("#N/A", "错误值"), (time(8, 30), "是时间"), (timedelta(1.5), "是时间")],
)
def test_a_cell_that_is_no_data_is_named(cell, words):
    sheet = read(saved(workbook(("T1", "张超", NUMBER, cell))))
    assert words in sheet.broken[2]["手机号"][0]


def test_a_protected_number_is_no_formula():
    sheet = read(saved(workbook(("T1", "张超", f'="{NUMBER}"'))))
    assert sheet.rows[0][1]["社会保障号码"] == NUMBER
    assert not sheet.broken


def test_truth_values_are_yes_and_no():
    sheet = read(saved(workbook(("T1", "张超", NUMBER, True), headings=[*NEEDED, "已有社保卡"])))
    assert sheet.rows[0][1]["已有社保卡"] == "是"


def test_empty_rows_are_skipped_and_keep_their_numbers():
    sheet = read(saved(workbook((), ("", " ", None), ("T1", "张超", NUMBER), ())))
    assert [line for line, _ in sheet.rows] == [4]


@pytest.mark.django_db
def test_of_merged_cells_the_lower_rows_are_named_as_incomplete():
    book = workbook(("T1", "张超", NUMBER), (None, None, OTHER))
    book.active.merge_cells("A2:A3")
    report = loading.load(
        content=saved(book), photo_folder=None, is_all_or_nothing=False, by=None, at=AT
    )
    assert {(found.line, found.column) for found in report.problems} == {(3, "工号"), (3, "姓名")}


def test_the_one_sheet_with_the_headings_is_taken():
    book = Workbook()
    book.active.append(["说明"])
    sheet = book.create_sheet("人员")
    sheet.append(NEEDED)
    sheet.append(["T1", "张超", NUMBER])
    assert len(read(saved(book)).rows) == 1


def test_two_sheets_with_the_headings_are_one_too_many():
    book = workbook(("T1", "张超", NUMBER))
    book.copy_worksheet(book.active)
    assert refusal(saved(book)).code == "several_sheets"


def test_a_workbook_without_the_headings_says_which_are_missing():
    assert "缺少这些列：社会保障号码" in refusal(saved(workbook(headings=NEEDED[:2]))).message


def with_part(content, name, data=b""):
    target = io.BytesIO(content)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return target.getvalue()


def without_part(content, name):
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
    return target.getvalue()


def test_files_that_are_not_taken_say_what_to_do(settings):
    whole = saved(workbook(("T1", "张超", NUMBER)))
    assert refusal(with_part(whole, "xl/vbaProject.bin")).code == "macros"
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 100).code == "old_or_locked"
    assert refusal(whole[: len(whole) // 2]).code == "damaged"
    assert refusal(without_part(whole, "xl/workbook.xml")).code == "no_workbook"
    assert refusal(without_part(whole, "xl/worksheets/sheet1.xml")).code in {"damaged", "empty"}
    settings.ROSTER_MAX_BYTES = 1000
    assert refusal(whole).code == "size"


def test_a_file_that_blows_up_is_refused_before_it_is_unpacked(settings):
    settings.ROSTER_MAX_UNPACKED_BYTES = 1_000_000
    bomb = with_part(saved(workbook()), "xl/media/x.xml", b"0" * 2_000_000)
    assert len(bomb) < 20_000
    assert refusal(bomb).code == "unpacked"


def test_too_many_rows_are_refused(settings):
    settings.ROSTER_MAX_ROWS = 2
    rows = [("T1", "张超", NUMBER)] * 3
    assert refusal(saved(workbook(*rows))).code == "rows"


@pytest.mark.slow
def test_a_mark_in_the_last_row_of_a_sheet_is_no_reason_to_read_a_million():
    book = workbook(("T1", "张超", NUMBER))
    book.active["A1048576"] = "x"
    assert refusal(saved(book)).code == "lines"


@pytest.mark.django_db
@pytest.mark.parametrize("make", [roster_template.as_csv, roster_template.as_xlsx])
def test_the_template_can_be_uploaded_and_its_example_is_refused(make):
    found, _ = rosters.take_in(
        content=make(), is_complete=False, by=make_user(is_staff=True), at=AT
    )
    rosters.prepare_at_once(upload=found, at=AT)
    found.refresh_from_db()
    assert (found.counts["rows"], found.counts["refused"], found.remarks) == (1, 1, [])


def test_the_template_offers_lists_and_keeps_numbers_as_text():
    book = load_workbook(io.BytesIO(roster_template.as_xlsx()))
    sheet = book["名册"]
    columns = [cell.value for cell in sheet[1]]
    assert columns == ONLINE_COLUMNS
    letter = "ABCDEFGHIJKLMNOP"[columns.index("社会保障号码")]
    assert sheet.column_dimensions[letter].number_format == "@"
    assert len(sheet.data_validations.dataValidation) == 6
    assert book["代码表"].sheet_state == "hidden"


def test_the_csv_template_has_the_same_columns():
    text = roster_template.as_csv().decode("utf-8-sig")
    assert next(csv.reader(io.StringIO(text))) == ONLINE_COLUMNS
