"""The sheets of an .xls file, the format of Excel 97 to 2003 that HR programs still write."""

import io
from datetime import datetime
from functools import partial

from apps.sheets import containers
from apps.sheets.cells import Cell, Table, UnreadableSheet
from apps.sheets.xls_size import xlrd
from apps.sheets.xlsx import MOST_COLUMNS, filled, from_value

_VISIBLE = 0


def tables(content):
    """The sheets as `Table`s, the visible ones first. Raises `UnreadableSheet`.

    A formula counts as the value that was saved with it, because the format stores no more.
    """
    try:
        # With the formats come number formats and merged cells; its own messages go nowhere.
        book = xlrd.open_workbook(
            file_contents=content, formatting_info=True, ragged_rows=True, logfile=io.StringIO()
        )
    except UnreadableSheet:
        raise
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower():
            raise containers.locked() from error
        raise containers.damaged() from error
    except Exception as error:
        # On damaged files the library raises many kinds of exceptions.
        raise containers.damaged() from error
    return [_table(book, sheet) for sheet in sorted(book.sheets(), key=_is_hidden)]


def _is_hidden(sheet):
    return sheet.visibility != _VISIBLE


def _table(book, sheet):
    too_wide: list[int] = []
    hidden = [row + 1 for row, info in sorted(sheet.rowinfo_map.items()) if info.hidden]
    lines = partial(_lines, book, sheet, too_wide)
    return Table(
        sheet.name,
        lines,
        too_wide=too_wide,
        hidden=hidden,
        hidden_columns=[at + 1 for at, info in sorted(sheet.colinfo_map.items()) if info.hidden],
        is_hidden=_is_hidden(sheet),
    )


def _lines(book, sheet, too_wide):
    merged = [
        (top + 1, bottom, left + 1)
        for top, bottom, left, _ in sheet.merged_cells
        if bottom - top > 1
    ]
    try:
        yield from filled(_rows(book, sheet, too_wide), merged)
    except Exception as error:
        raise containers.damaged() from error


def _rows(book, sheet, too_wide):
    width = min(sheet.ncols, MOST_COLUMNS)
    for row in range(sheet.nrows):
        if not sheet.row_len(row):
            continue
        if any(value != "" for value in sheet.row_values(row, MOST_COLUMNS)):
            too_wide.append(row + 1)
        mine = [_cell(book, cell) for cell in sheet.row_slice(row, 0, MOST_COLUMNS)]
        yield row + 1, mine + [Cell()] * (width - len(mine))


def _cell(book, cell):
    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return Cell()
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return Cell(broken="这一格是错误值。请改成正确的内容后重新上传。")
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return from_value(bool(cell.value), "")
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _date(book, cell.value)
    return from_value(cell.value, _format(book, cell))


def _date(book, number):
    try:
        moment: datetime = xlrd.xldate_as_datetime(number, book.datemode)
    except (xlrd.xldate.XLDateError, OverflowError, ValueError):
        return Cell(str(number), broken="这一格的日期读不出来。请写成 1985-06-15 的样子。")
    return from_value(moment.time() if number < 1 else moment, "")


def _format(book, cell):
    kind = book.format_map.get(book.xf_list[cell.xf_index].format_key)
    return kind.format_str if kind else "General"
