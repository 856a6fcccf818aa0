"""The sheets of an .xlsx file; what a spreadsheet does to numbers and dates is undone.

Of a formula the saved result counts, and a note says so; without one, and for error values, the
cell is broken.
"""

import io
import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial

from apps.common.later import later
from apps.sheets import cells, containers, number_formats
from apps.sheets.cells import Cell, Table, UnreadableSheet

openpyxl = later("openpyxl")
xlsx_rows = later("apps.sheets.xlsx_rows")

MOST_COLUMNS = 60  # cells further to the right are ignored
# Rows, with the empty ones: a stray value in the last row of a sheet makes a million of them.
MOST_LINES = 100_000
_ROWS = re.compile(rb"<(?:\w+:)?row\b[^>]*>")
_COLUMNS = re.compile(rb"<(?:\w+:)?col\b[^>]*>")
_SPAN = re.compile(rb"\b(min|max)=[\"']([0-9]{1,5})[\"']")
_IS_HIDDEN = re.compile(rb"\bhidden=[\"'](?:1|true)[\"']")
_NUMBER = re.compile(rb"\br=[\"']([0-9]{1,7})[\"']")
# How a workbook writes a mark that XML does not allow: _x000D_ is a line break.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BESIDE_CELLS = re.compile(rb"<(?:\w+:)?(?:row|col|mergeCell)\b[^>]*>")
_CHUNK = 1024 * 1024
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*?\bref=[\"']([A-Z]+\d+:[A-Z]+\d+)[\"']")


def tables(content):
    """The sheets, the visible ones first, as `Table`s read when their lines are asked for."""
    try:
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheets = sorted(workbook.worksheets, key=_is_hidden)
    except Exception as error:
        # On damaged files openpyxl raises many kinds of exceptions.
        raise containers.damaged() from error
    return [_table(workbook, sheet) for sheet in sheets]


def _is_hidden(sheet):
    return sheet.sheet_state != "visible"


def _table(workbook, sheet):
    too_wide: list[int] = []
    hidden: list[int] = []
    hidden_columns: list[int] = []
    return Table(
        sheet.title,
        partial(_lines, workbook, sheet, too_wide, hidden, hidden_columns),
        too_wide=too_wide,
        hidden=hidden,
        hidden_columns=hidden_columns,
        is_hidden=_is_hidden(sheet),
    )


def _lines(workbook, sheet, too_wide, hidden, hidden_columns):
    try:
        with workbook._archive.open(sheet._worksheet_path) as part:
            markup = b"".join(_beside_cells(part))
        hidden[:], hidden_columns[:] = _hidden(markup), _hidden_columns(markup)
        merged = _merged_down(markup)
        yield from filled(_rows(sheet, too_wide), merged)
    except UnreadableSheet:
        raise
    except Exception as error:
        raise containers.damaged() from error


def _rows(sheet, too_wide):
    for line, found in xlsx_rows.rows(sheet):
        if line > MOST_LINES:
            raise UnreadableSheet(
                "工作表里有太多空行。请删除名册下面的空行（选中整行后删除）再上传。", code="lines"
            )
        mine = [Cell()] * MOST_COLUMNS
        is_too_wide = False
        for column, cell in found.items():
            if column <= MOST_COLUMNS:
                mine[column - 1] = _cell(cell)
            else:
                is_too_wide = True
        if is_too_wide:
            too_wide.append(line)
        yield line, mine


def _beside_cells(part):
    """The tags of a sheet, without its cells, from which something follows (`_tells`)."""
    rest = b""
    while chunk := part.read(_CHUNK):
        whole, sign, rest = (rest + chunk).rpartition(b"<")
        rest = sign + rest
        yield from (tag for tag in _BESIDE_CELLS.findall(whole) if _tells(tag))
    yield rest


def _tells(tag):
    """Whether something follows from `tag`: of most rows and columns nothing does."""
    return b"mergeCell" in tag or _IS_HIDDEN.search(tag)


def _hidden(markup):
    """The rows that a sheet hides."""
    hidden = (row for row in _ROWS.findall(markup) if _IS_HIDDEN.search(row))
    return [int(number[1]) for row in hidden if (number := _NUMBER.search(row))]


def _hidden_columns(markup):
    """The columns that a sheet hides, as far to the right as they are read."""
    hidden = [column for column in _COLUMNS.findall(markup) if _IS_HIDDEN.search(column)]
    spans = [dict(_SPAN.findall(column)) for column in hidden]
    return [
        number
        for span in spans
        for number in range(int(span[b"min"]), min(int(span[b"max"]), MOST_COLUMNS) + 1)
    ]


def _merged_down(markup):
    """Merged cells of more than one row: triples (first row, last row, column), counted from 1.

    The library leaves them out when it reads row by row, so they are picked from the sheet's part.
    """
    ranges = [
        openpyxl.utils.cell.range_boundaries(each.decode()) for each in _MERGED.findall(markup)
    ]
    return [(top, bottom, column) for column, top, _, bottom in ranges if bottom > top]


def filled(rows, merged):
    """`rows`, pairs of line and cells, with the value of merged cells in their lower rows too.

    `merged` are triples as from `_merged_down`. Rows without a value of their own are left out.
    """
    begins: dict[int, list[tuple[int, int]]] = {}
    for top, bottom, column in merged:
        begins.setdefault(top, []).append((bottom, column))
    going: dict[int, tuple[int, int, Cell]] = {}
    for line, row in rows:
        for column, (top, bottom, cell) in list(going.items()):
            if line > bottom:
                del going[column]
            elif column <= len(row) and not row[column - 1].has_own_text:
                row[column - 1] = cells.covered(cell, top)
        for bottom, column in begins.get(line, ()):
            if column <= len(row) and row[column - 1].has_own_text:
                going[column] = (line, bottom, row[column - 1])
        if any(cell.has_own_text for cell in row):
            yield line, _without_tail(row)


def _without_tail(row):
    """`row` up to its last cell with something in it."""
    width = max(place for place, cell in enumerate(row, start=1) if cell.text or cell.broken)
    return row[:width]


def _cell(cell):
    """The `Cell` of a `RawCell`."""
    if cell.formula is not None:
        if cells.is_protected(cell.formula):
            return cells.from_text(cell.formula)
        return _of_formula(cell.value, cell.number_format)
    if cell.data_type == "e":
        return Cell(str(cell.value), broken="这一格是错误值。请改成正确的内容后重新上传。")
    return from_value(cell.value, cell.number_format)


def _of_formula(result, number_format):
    if result is None or str(result).strip() == "" or str(result).startswith("#"):
        return Cell(broken=cells.FORMULA)
    cell = from_value(result, number_format)
    return replace(cell, note="这一格是公式，按文件里保存的结果读取")


def from_value(value, number_format):
    """The `Cell` of a Python value under a number format."""
    if isinstance(value, bool):
        return Cell("是" if value else "否", is_truth=True)
    if isinstance(value, (int, float)):
        return cells.from_number(value, number_formats.shown(value, number_format))
    if isinstance(value, (date, datetime)):
        return Cell(f"{value:%Y-%m-%d}", is_date=True)
    if isinstance(value, (time, timedelta)):
        return Cell(str(value), broken="这一格是时间，不是日期。请写成 1985-06-15 的样子。")
    return cells.from_text(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value)))


def nothing_read(tables):
    """The refusal of a file in whose `tables`, all of them read, there is nothing to look at."""
    visible = [table for table in tables if not table.is_hidden]
    if tables and not visible:
        names = "、".join(table.name for table in tables)
        return UnreadableSheet(
            f"工作表是隐藏的：{names}。请取消隐藏，保存后重新上传。", code="hidden_sheet"
        )
    if any(table.too_wide for table in visible):
        return too_wide()
    return UnreadableSheet("文件是空的，没有表头。", code="empty")


def too_wide():
    return UnreadableSheet(
        f"表格的前 {MOST_COLUMNS} 列是空的，内容在更靠右的列里。请删除左边的空列，保存后重新上传。",
        code="too_wide",
    )
