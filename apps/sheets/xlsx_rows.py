"""The rows of a sheet of an .xlsx file, at the cost of what stands in the file.

The library's own loop makes an empty row for every number that is left out and an empty cell for
every column, calculates what a copied formula would be, and has to read the file twice for formulas
and their results: a file of 15 KB could keep a processor busy for minutes.
"""

from dataclasses import dataclass
from typing import Any

from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser


@dataclass(frozen=True)
class RawCell:
    """A cell that is not empty. `value` is the saved result of its `formula`, where it has one."""

    value: Any
    data_type: str
    number_format: str
    formula: str | None = None


class _Parser(WorkSheetParser):
    def parse_cell(self, element):
        formula = element.find(FORMULA_TAG)
        text = None if formula is None else f"={formula.text or ''}"
        return super().parse_cell(element) | {"formula": text}


def rows(sheet):
    """Pairs of line and {column: `RawCell`} of a read-only `sheet`, in rising order of lines.

    Lines and columns are counted from 1. A line without a cell may be left out.
    """
    book = sheet.parent
    with sheet._get_source() as source:
        parser = _Parser(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        last = 0
        for line, found in parser.parse():
            parser.row_dimensions.clear()  # heights and colours of all rows
            if line > last:
                last = line
                yield line, dict(_cells(sheet, found))


def _cells(sheet, found):
    for cell in found:
        formula = cell.pop("formula")
        if cell["value"] is not None or formula is not None:
            kept = ReadOnlyCell(sheet, **cell)
            yield (
                kept.column,
                RawCell(kept.value, kept.data_type, kept.number_format, formula),
            )
