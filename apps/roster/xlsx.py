"""The rows of an xlsx file; what a spreadsheet does to numbers and dates is undone where possible.

A file is looked at before it is unpacked: its size once unpacked is limited, files with macros and
old or locked ones are refused. Formulas and error values are no data; each is named in its cell.
"""

import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time

from django.conf import settings
from openpyxl import load_workbook

from apps.common.refusals import Refused

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_PARTS = 2000
_MOST_COLUMNS = 60  # cells further to the right are no roster
# Rows, empty ones included: a stray mark in the last row of a sheet makes a million of them.
_MOST_LINES = 100_000
# A spreadsheet keeps 15 digits of a number; from here on the last ones are zeros.
_SPOILT = 10**15


class UnreadableRoster(Refused):
    """Not a single row can be read from the file."""


@dataclass(frozen=True)
class BrokenCell:
    """Stands in the place of a value; `reason` is a sentence for people."""

    reason: str


def check_container(content):
    """Whether `content` is an xlsx file. Raises `UnreadableRoster` for those that are not taken."""
    if content.startswith(_OLE):
        raise UnreadableRoster(
            "这是旧版 Excel（.xls）或加了密码的文件。"
            "请去掉密码，另存为“Excel 工作簿（.xlsx）”后上传。",
            code="old_or_locked",
        )
    if not content.startswith(_ZIP):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        raise _damaged() from None
    names = {part.filename.lower() for part in parts}
    if any(name.endswith("vbaproject.bin") for name in names):
        raise UnreadableRoster(
            "文件里有宏，不能上传。请另存为“Excel 工作簿（.xlsx）”后上传。", code="macros"
        )
    if "xl/workbook.xml" not in names:
        raise UnreadableRoster(
            "这不是 Excel 工作簿。请上传 .xlsx 或 CSV 文件。", code="no_workbook"
        )
    # A part is never unpacked beyond the size that stands in its entry.
    unpacked = sum(part.file_size for part in parts)
    if unpacked > settings.ROSTER_MAX_UNPACKED_BYTES or len(parts) > _MOST_PARTS:
        raise UnreadableRoster(
            "文件解压后太大。请只保留名册这一张工作表，删除图片和多余的行列后上传。",
            code="unpacked",
        )
    return True


def lines(content, *, required):
    """Pairs of the number of a row and its cells, from the one sheet whose headings are `required`.

    A cell is text or a `BrokenCell`; rows without any are left out. Raises `UnreadableRoster`.
    """
    try:
        workbook = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        for line, cells in _rows(_roster_sheet(workbook, required)):
            yield line, [_value(cell) for cell in cells]
    except UnreadableRoster:
        raise
    except Exception as error:
        # openpyxl fails in many ways on files that are not whole; none of them is ours.
        raise _damaged() from error


def _roster_sheet(workbook, required):
    sheets = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    found = [sheet for sheet in sheets if set(required) <= _headings(sheet)]
    if len(found) > 1:
        names = "、".join(sheet.title for sheet in found)
        raise UnreadableRoster(
            f"有几张工作表都像名册：{names}。请只保留要上传的一张。", code="several_sheets"
        )
    if not sheets:
        raise UnreadableRoster("工作簿里没有可见的工作表。", code="empty")
    return found[0] if found else sheets[0]


def _headings(sheet):
    _, cells = next(_rows(sheet), (0, ()))
    return {str(cell.value).strip() for cell in cells}


def _rows(sheet):
    sheet.reset_dimensions()  # some programs write wrong ones
    for line, cells in enumerate(sheet.iter_rows(max_col=_MOST_COLUMNS), start=1):
        if line > _MOST_LINES:
            raise UnreadableRoster(
                "工作表里有太多空行。请删除名册下面的空行（选中整行后删除）再上传。", code="lines"
            )
        if any(cell.value is not None and str(cell.value).strip() for cell in cells):
            yield line, cells


def _value(cell):
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f" and not str(value).startswith('="'):
        return BrokenCell("这一格是公式。请复制这一列，选择性粘贴为“数值”后重新上传。")
    if cell.data_type == "e":
        return BrokenCell("这一格是错误值。请改成正确的内容后重新上传。")
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, (int, float)):
        return _digits(value)
    if isinstance(value, (date, datetime)):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, time):
        return BrokenCell("这一格是时间，不是日期。请写成 1985-06-15 的样子。")
    return str(value)


def _digits(number):
    if abs(number) >= _SPOILT:
        return f"{number:.5E}"  # what StaffForm knows as a spoilt number
    return str(int(number)) if number == int(number) else repr(number)


def _damaged():
    return UnreadableRoster(
        "文件打不开，可能没有传完整。请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。", code="damaged"
    )
