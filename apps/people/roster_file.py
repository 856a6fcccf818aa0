"""Reading a staff roster as spreadsheet programs write it, whatever encoding and separator."""

import csv
import io
import re

from apps.common.refusals import Refused

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# How a spreadsheet protects long numbers from being turned into amounts: ="370…" or '370….
_FORMULA = re.compile(r'="(.*)"')


class UnreadableRoster(Refused):
    """Not a single row can be read from the file."""


def read(content, *, columns, required):
    """The rows of `content` (bytes): pairs of line number and a dict of the cells with a value.

    `columns` are the headings that are known, `required` those that must be there. Returns the rows
    and the headings that are not known. Raises `UnreadableRoster`.
    """
    text = _decode(content)
    lines = _lines(text)
    headings = [heading.strip() for heading in next(lines, (0, []))[1]]
    _check_headings([heading for heading in headings if heading], required)
    rows = []
    for line, cells in lines:
        values = {
            heading: _plain(cell)
            for heading, cell in zip(headings, cells, strict=False)
            if heading in columns and _plain(cell)
        }
        if values:
            rows.append((line, values))
    unknown = [heading for heading in headings if heading and heading not in columns]
    return rows, unknown


def _decode(content):
    encodings = ["utf-16"] if content.startswith(_UTF16_MARKS) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableRoster(
        "文件的编码认不出来。请在电子表格中另存为“CSV UTF-8”格式后重试。", code="encoding"
    )


def _lines(text):
    """Pairs of the line on which a row starts and its cells; rows without any cell are left out."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",\t;，", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error:
            raise UnreadableRoster(
                f"从第 {line} 行起读不下去，可能不是 CSV 文件，或者引号没有成对。", code="csv"
            ) from None
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield line, cells


def _check_headings(headings, required):
    if not headings:
        raise UnreadableRoster("文件是空的，没有表头。", code="empty")
    missing = [heading for heading in required if heading not in headings]
    if missing:
        raise UnreadableRoster(
            f"第一行应为表头，缺少这些列：{'、'.join(missing)}。请补上后重试。", code="headings"
        )
    repeated = sorted({heading for heading in headings if headings.count(heading) > 1})
    if repeated:
        raise UnreadableRoster(
            f"表头有重复的列：{'、'.join(repeated)}。每列只能出现一次。", code="repeated_headings"
        )


def _plain(cell):
    cell = cell.strip()
    formula = _FORMULA.fullmatch(cell)
    return (formula[1] if formula else cell.removeprefix("'")).strip()
