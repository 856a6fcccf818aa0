"""Writes rows into a file, one at a time.

It uses the csv module and openpyxl's write-only workbook, because tablib and the exporters of
django-import-export hold the whole table in memory.
"""

import csv
import io
import re
import tempfile
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from apps.common.later import later
from apps.exports.enums import ExportFormat
from apps.sheets.formulas import as_words

openpyxl = later("openpyxl")

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_SHEET = "申请"
_TEXT = "@"  # how a workbook calls the format of text


def write(rows, columns, *, format, target, is_all_text=False):
    """Write a heading and `rows` (lists of values) to the binary file `target`.

    With `is_all_text` the cells of a workbook are formatted as text, so that a number that somebody
    edits keeps its digits.
    """
    if format == ExportFormat.CSV:
        _csv(rows, columns, target)
    else:
        _xlsx(rows, columns, target, number_format=_TEXT if is_all_text else "")


def _csv(rows, columns, target):
    # With a byte order mark, by which Excel knows that the Chinese is UTF-8.
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="")
    lines = csv.writer(text)
    lines.writerow([column.label for column in columns])
    for row in rows:
        lines.writerow([_plain(value) for value in row])
    text.flush()
    text.detach()


def _plain(value):
    """A value as the text of a CSV cell, which no spreadsheet takes for a formula."""
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"
    return as_words("" if value is None else _CONTROL.sub("", str(value)))


def _xlsx(rows, columns, target, *, number_format=""):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(_SHEET)
    sheet.freeze_panes = "B2"
    for number, column in enumerate(columns, start=1):
        sheet.column_dimensions[openpyxl.utils.get_column_letter(number)].width = column.width
    sheet.append([_heading(sheet, column.label) for column in columns])
    for row in rows:
        sheet.append([_cell(sheet, value, number_format) for value in row])
    book.save(target)


def _heading(sheet, label):
    cell = openpyxl.cell.WriteOnlyCell(sheet, label)
    cell.font = openpyxl.styles.Font(bold=True)
    return cell


def _cell(sheet, value, number_format):
    """A value as a cell. Text is stored as text: numbers keep their digits, formulas stay words."""
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None)  # a workbook knows no time zones
    if not isinstance(value, str):
        return value
    text = _CONTROL.sub("", value)
    if not (number_format or text.startswith("=")):
        return text
    cell = openpyxl.cell.WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    if number_format:
        cell.number_format = number_format
    return cell


def delete_leftovers(*, before):
    """Delete what openpyxl left in the folder for temporary files when a worker was killed.

    Its files are not encrypted, and it deletes them only when it ends normally. A file that was
    last written before the moment `before` belongs to no running worker.
    """
    for path in Path(tempfile.gettempdir()).glob("openpyxl.*"):
        try:
            if path.stat().st_mtime < before.timestamp():
                path.unlink()
        except OSError:  # another worker deleted it, or it belongs to another user
            continue
