"""Reading a staff roster as spreadsheet programs write it, whatever encoding and separator."""

import csv
import io
import re
from dataclasses import dataclass, field

from django.conf import settings

from apps.common.rules import rule_text
from apps.roster import xlsx
from apps.roster.xlsx import UnreadableRoster

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# How a spreadsheet protects long numbers from being turned into amounts: ="370…" or '370….
_FORMULA = re.compile(r'="(.*)"')


@dataclass
class Sheet:
    """What was read: for each row its line and the cells with a value, by heading.

    `broken` holds, by line and heading, why a cell could not be read.
    """

    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    broken: dict[int, dict[str, list[str]]] = field(default_factory=dict)
    unknown_columns: list[str] = field(default_factory=list)


def read(content, *, columns, required):
    """The `Sheet` in `content`, the bytes of a CSV or xlsx file.

    `columns` are the headings that are known, `required` those that must be there. Raises
    `UnreadableRoster`.
    """
    check_size(len(content))
    is_workbook = xlsx.check_container(content)
    lines = xlsx.lines(content, required=required) if is_workbook else _lines(content)
    headings = [_plain(heading) for heading in next(lines, (0, []))[1]]
    _check_headings([heading for heading in headings if heading], required)
    sheet = Sheet(unknown_columns=[name for name in headings if name and name not in columns])
    for line, cells in lines:
        values = {}
        for heading, cell in zip(headings, cells, strict=False):
            if heading not in columns:
                continue
            if isinstance(cell, xlsx.BrokenCell):
                sheet.broken.setdefault(line, {})[heading] = [cell.reason]
            elif text := _plain(cell):
                values[heading] = text
        if values or line in sheet.broken:
            sheet.rows.append((line, values))
        if len(sheet.rows) > settings.ROSTER_MAX_ROWS:
            raise UnreadableRoster(
                f"名册超过 {rule_text('ROSTER_MAX_ROWS', gap=' ')}。请分成几份上传。", code="rows"
            )
    return sheet


def check_size(size):
    """Raise `UnreadableRoster` for a file of more than settings.ROSTER_MAX_BYTES bytes."""
    if size > settings.ROSTER_MAX_BYTES:
        raise UnreadableRoster(
            f"文件超过 {rule_text('ROSTER_MAX_BYTES')}。请分成几份上传。", code="size"
        )


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


def _lines(content):
    """Pairs of the line on which a row starts and its cells; rows without any cell are left out."""
    text = _decode(content)
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
