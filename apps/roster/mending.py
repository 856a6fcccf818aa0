"""The invalid rows of a roster as a file, to be corrected and uploaded again.

It has the columns and headings of the uploaded file, and one more that says what to correct. When
the file is read again, that column is ignored.
"""

import csv
import io
import json

from apps.common.later import later
from apps.roster.headings import ADVICE
from apps.sheets.formulas import as_words

openpyxl = later("openpyxl")

_WIDTH = 20
_ADVICE_WIDTH = 60


def as_csv(upload):
    """Bytes with a mark at the start by which spreadsheet programs recognise UTF-8."""
    text = io.StringIO()
    csv.writer(text).writerows([as_words(cell) for cell in row] for row in _rows(upload))
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(upload):
    """Bytes of a workbook in which every cell is text, so that no number loses its digits."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "待改正"
    sheet.freeze_panes = "A2"
    for line, row in enumerate(_rows(upload), start=1):
        for place, text in enumerate(row, start=1):
            cell = sheet.cell(line, place, text)
            # Never a formula, whatever the text begins with.
            cell.data_type, cell.number_format = "s", "@"
            if line == 1:
                cell.font = openpyxl.styles.Font(bold=True)
            elif place == len(row):
                cell.fill = openpyxl.styles.PatternFill("solid", fgColor="FFF2CC")
    for place in range(1, sheet.max_column + 1):
        letter = openpyxl.utils.get_column_letter(place)
        is_advice = place == sheet.max_column
        sheet.column_dimensions[letter].width = _ADVICE_WIDTH if is_advice else _WIDTH
        sheet.column_dimensions[letter].number_format = "@"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _rows(upload):
    """The headings, then each row to mend with its advice, cells beyond the headings included."""
    rows = [
        (
            json.loads(row.original),
            "；".join(f"{column}：{reason}" for column, reason in row.problems),
        )
        for row in upload.rows.to_mend().order_by("line", "pk")
    ]
    places = [place for place, text in enumerate(upload.headings) if text != ADVICE]
    width = max([len(upload.headings), *(len(cells) for cells, _ in rows)])
    places += range(len(upload.headings), width)
    yield [*_picked(upload.headings, places), ADVICE]
    for cells, advice in rows:
        yield [*_picked(cells, places), advice]


def _picked(texts, places):
    return [texts[place] if place < len(texts) else "" for place in places]
