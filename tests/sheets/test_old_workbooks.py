"""What an .xls file takes is counted while it is read."""

import pytest

from apps.sheets import containers, xls, xls_size
from apps.sheets.cells import UnreadableSheet
from tests.sheets.old_workbooks import number_cell, old_workbook

LAST_ROW, LAST_COLUMN = 65_535, 255


def read(content):
    assert containers.kind(content) == containers.XLS
    return [list(table.lines()) for table in xls.tables(content)]


def refusal(content):
    with pytest.raises(UnreadableSheet) as refused:
        read(content)
    return refused.value


def test_a_sheet_is_read_with_a_stray_value_in_its_last_row():
    [lines] = read(old_workbook(number_cell(0, 0) + number_cell(LAST_ROW, 2)))
    assert [(line, [cell.text for cell in row]) for line, row in lines] == [
        (1, ["1"]),
        (LAST_ROW + 1, ["", "", "1"]),
    ]


def test_a_hundred_sheets_with_one_cell_in_the_last_row_are_refused_with_a_way_out():
    """7,680 bytes took 1.6 GB."""
    refused = refusal(old_workbook(*[number_cell(LAST_ROW, 0)] * 100))
    assert refused.code == "elements"
    assert "新建一个工作簿" in refused.message


def test_cells_that_make_rows_wide_are_counted(monkeypatch):
    monkeypatch.setattr(xls_size, "MOST_CELLS", 1000)
    rows = [number_cell(row, LAST_COLUMN) for row in range(4)]
    assert refusal(old_workbook(b"".join(rows))).code == "elements"
    assert len(read(old_workbook(b"".join(rows[:3])))[0]) == 0, "further right than one looks"


def test_many_sheets_are_refused():
    sheets = [number_cell(0, 0)] * (xls_size.MOST_SHEETS + 1)
    assert refusal(old_workbook(*sheets)).code == "elements"
    assert len(read(old_workbook(*sheets[1:]))) == xls_size.MOST_SHEETS


def test_sheets_that_share_their_content_are_taken_for_damaged():
    sheets = [b"".join(number_cell(row, 0) for row in range(300))] * 3
    assert len(read(old_workbook(*sheets))) == 3
    assert refusal(old_workbook(sheets[0], b"", b"", is_shared=True)).code == "damaged"


def test_a_cell_in_a_format_that_the_file_does_not_have_is_damage():
    assert refusal(old_workbook(number_cell(0, 0, style=7))).code == "damaged"
