"""The result of reading: one cell, and one table of a file."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from apps.common.refusals import Refused

# A spreadsheet keeps 15 digits of a number; from here on the last ones are zeros.
SPOILT = 10**15
_DIGITS_KEPT = 15
# How people keep a spreadsheet from changing a long number: ="370…" or '370….
_PROTECTED = re.compile(r'="((?:[^"]|"")*)"', re.DOTALL)
FORMULA = "这一格是公式。请复制这一列，选择性粘贴为“数值”后重新上传。"
# The sign of a text in a spreadsheet; input methods and other programs write others for it.
_TEXT_SIGN = re.compile(r"'|[‘’`´＇](?=[0-9])")
_WHOLE = re.compile(r"(-?[0-9]{1,15})\.0+")
_THOUSANDS = re.compile(r"([0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.0+)?")
_MIDNIGHT = re.compile(r"([0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2})[ T]0?0:00(:00(\.0+)?)?Z?")
_POWER = re.compile(r"([0-9])(?:\.([0-9]+))?E\+([0-9]{1,2})", re.IGNORECASE)
# A spreadsheet counts days from this one. Fewer digits are a year, or somebody born before 1927.
_FIRST_DAY = date(1899, 12, 30)
_SERIAL = re.compile(r"[0-9]{5}")
# Invisible marks that programs leave at the ends of a copied text.
_INVISIBLE = "\ufeff\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060"
# With the mark by which DOS ends a file.
_BLANK = _INVISIBLE + "\0\x1a \t\r\n\v\f\u00a0\u3000"


class UnreadableSheet(Refused):
    """Not a single row can be read from the file."""


@dataclass(frozen=True)
class Cell:
    """The text of a cell. `broken` and `note` are sentences for people, without the value.

    `broken` says why the text can't be used, `note` what was changed in it. In the lower rows of a
    merged cell `merged_from` is the line of its first row.
    """

    text: str = ""
    broken: str = ""
    note: str = ""
    is_date: bool = False
    merged_from: int | None = None
    is_truth: bool = False  # TRUE or FALSE, not a word

    @property
    def has_own_text(self):
        return bool(self.merged_from is None and (self.text or self.broken))


@dataclass(frozen=True)
class Table:
    """One sheet. `lines` gives pairs of the number of a row and its cells; empty rows left out.

    `is_delimited`: its rows were split at separators, so a cell too many has moved the others.
    `too_wide` gathers the rows with content so far to the right that nobody looks there, `hidden`
    those that a filter hides, and `hidden_columns` the numbers of columns that the sheet hides;
    they count all the same. `is_hidden`: the sheet itself is hidden.
    """

    name: str
    lines: Callable[[], Iterator[tuple[int, list[Cell]]]]
    is_delimited: bool = False
    too_wide: list[int] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    is_hidden: bool = False


def from_text(text):
    """The `Cell` of a text. Marks that protect a number are removed."""
    text = text.replace("\0", "").strip(_BLANK)  # no database keeps a zero byte
    protected = _PROTECTED.fullmatch(text)
    if not protected and text.startswith("="):
        return Cell(text, broken=FORMULA)
    inner = protected[1].replace('""', '"') if protected else _without_text_sign(text)
    text = inner.strip(_BLANK)
    if thousands := _THOUSANDS.fullmatch(text):
        return Cell(thousands[1].replace(",", ""), note="去掉了数字里的千位逗号")
    if whole := _WHOLE.fullmatch(text):
        return Cell(whole[1], note="去掉了电子表格在末尾加上的“.0”")
    if midnight := _MIDNIGHT.fullmatch(text):
        return Cell(midnight[1], note="去掉了日期后面的 00:00")
    if digits := _without_power(text):
        return Cell(digits, note="从科学计数法改回了原来的数字")
    return Cell(text)


def is_protected(text):
    """Whether `text` is a formula whose result stands in it, which keeps a number as it is."""
    return _PROTECTED.fullmatch(text) is not None


def from_number(number, shown):
    """The `Cell` of a number; `shown` is what its format makes of it, None where that is unknown.

    The number is taken as people see it: 1234 under the format 00000000 is 00001234.
    """
    if abs(number) >= SPOILT:
        return Cell(f"{number:.5E}")  # what StaffForm knows as a spoilt number
    plain = str(int(number)) if number == int(number) else repr(number)
    if shown is None:
        return Cell(
            plain,
            broken="这一格的数字用了特殊的显示格式，读不准。请把这一列设为“文本”格式，"
            "照看到的样子重新填写。",
        )
    if shown == plain:
        return Cell(plain)
    return Cell(shown, note="按单元格显示的样子读取（例如补上前面的 0）")


def as_day(cell):
    """`cell` of a column of dates; a number is the day that a spreadsheet counts as that."""
    if not _SERIAL.fullmatch(cell.text):
        return cell
    day = _FIRST_DAY + timedelta(days=int(cell.text))
    return replace(cell, text=day.isoformat(), note=f"电子表格里的日期序号，已读作 {day}")


def covered(cell, line):
    """`cell` as it stands in a lower row of a merged cell that begins in row `line`."""
    return replace(cell, merged_from=line)


def _without_text_sign(text):
    sign = _TEXT_SIGN.match(text)
    return text[sign.end() :] if sign else text


def _without_power(text):
    """The digits of a number in scientific notation, where none of them is lost; else None."""
    power = _POWER.fullmatch(text)
    if not power:
        return None
    digits = power[1] + (power[2] or "")
    is_whole = len(digits) == int(power[3]) + 1 and len(digits) <= _DIGITS_KEPT
    return digits if is_whole else None
