"""What stands in a file decides how long it takes to read, not what its numbers leave out."""

from datetime import date

import pytest

from apps.rulebook import holiday_table
from apps.sheets import containers, delimited, parts, xlsx
from apps.sheets.cells import UnreadableSheet
from tests.sheets.test_parts import SHEET, with_text

BEFORE = b"</sheetData>"


def lines_of(markup):
    [table] = xlsx.tables(with_text(SHEET, BEFORE, markup))
    return dict(table.lines())


def test_rows_and_columns_that_are_left_out_are_not_made(monkeypatch):
    made = []
    monkeypatch.setattr(xlsx, "_cell", lambda cell: made.append(cell) or xlsx.Cell("x"))
    lines = lines_of(b'<row r="99999"><c r="XFD99999"><v>1</v></c><c r="B99999"><v>1</v></c></row>')
    assert max(lines) == 99_999
    assert len(lines) == 3
    assert len(made) < 20


def test_a_copied_formula_is_not_worked_out():
    """Each of a thousand copies of one long formula was read anew: minutes for 10 KB."""
    long = b"A1+" * 10_000 + b"1"
    first = b'<row r="5"><c r="A5"><f t="shared" si="0">' + long + b"</f><v>1</v></c></row>"
    others = b"".join(
        b'<row r="%d"><c r="A%d"><f t="shared" si="0"/><v>2</v></c></row>' % (row, row)
        for row in range(6, 1006)
    )
    lines = lines_of(first + others)
    assert {lines[row][0].text for row in range(6, 1006)} == {"2"}
    assert "公式" in lines[6][0].note


def test_all_sheets_together_have_a_limit(monkeypatch):
    monkeypatch.setattr(parts, "MOST_IN_ALL", 2000)
    rows = (b"<row>" + b"<c/>" * 99 + b"</row>") * 15
    assert containers.kind(with_text(SHEET, BEFORE, rows)) == containers.XLSX
    with pytest.raises(UnreadableSheet) as refused:
        containers.kind(with_text(SHEET, BEFORE, rows * 2))
    assert refused.value.code == "elements"


def test_a_table_of_holidays_is_smaller_since_somebody_waits(monkeypatch):
    monkeypatch.setattr(parts, "MOST_AT_ONCE", 2000)
    rows = (b"<row>" + b"<c/>" * 99 + b"</row>") * 30
    assert containers.kind(with_text(SHEET, BEFORE, rows)) == containers.XLSX
    with pytest.raises(UnreadableSheet) as refused:
        holiday_table.read(with_text(SHEET, BEFORE, rows), today=date(2026, 11, 30))
    assert refused.value.code == "elements"


def test_a_line_of_very_many_cells_is_no_table():
    """A megabyte of commas took 145 MB."""
    [table] = delimited.tables("工号,姓名,手机号\n".encode() + b"," * 2000)
    with pytest.raises(UnreadableSheet) as refused:
        list(table.lines())
    assert refused.value.code == "csv"
    assert "第 2 行有 2001 格" in refused.value.message
