"""Reads the arrangement of a year's holidays from a file: 日期, 类型, 名称, one day a row."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from django.core.exceptions import ValidationError

from apps.common import holidays
from apps.common.templatetags.formats import day as day_words
from apps.common.templatetags.formats import iso
from apps.regions.enums import DayKind
from apps.requests.inputs import half_width
from apps.sheets import containers, delimited, xls, xlsx
from apps.sheets.cells import UnreadableSheet
from apps.typed_text.inputs import DayField

COLUMNS = ("日期", "类型", "名称")
MOST_ROWS = 200
YEARS_AHEAD = 2
_NAME_LENGTH = 20
_LOOKED_AT = 10  # lines in which the headings are looked for
_SATURDAY = 5
_READERS = {
    containers.XLSX: xlsx.tables,
    containers.XLS: xls.tables,
    containers.TEXT: delimited.tables,
}
# How notices and calendars write the two kinds.
_KINDS = {
    **dict.fromkeys(("放假", "休", "休息", "休假", "放假休息", "OFF"), DayKind.OFF),
    **dict.fromkeys(("调休上班", "班", "上班", "调班", "补班", "WORK"), DayKind.WORK),
}


@dataclass(frozen=True)
class TableDay:
    day: date
    kind: DayKind
    name: str


@dataclass
class HolidayTable:
    """What was read. With `errors` (line or None, sentence) nothing of it can be used."""

    year: int = 0
    days: dict[date, TableDay] = field(default_factory=dict)
    errors: list[tuple[int | None, str]] = field(default_factory=list)

    @property
    def count_off(self):
        return sum(row.kind == DayKind.OFF for row in self.days.values())

    @property
    def count_work(self):
        return len(self.days) - self.count_off

    @property
    def left_out(self):
        """[(day, holiday)] of the weekdays that are off in most years and are not in the table."""
        return sorted(
            (day, name)
            for day, name in holidays.possible(self.year).items()
            if day not in self.days
        )

    @property
    def text(self):
        """The table as text, which `read` reads as the same."""
        lines = [
            ",".join((iso(row.day), row.kind.label, row.name))
            for _, row in sorted(self.days.items())
        ]
        return "\n".join((",".join(COLUMNS), *lines))


def read(content, *, today):
    """The `HolidayTable` in `content`, the bytes of a CSV, .xlsx or .xls file.

    Raises `UnreadableSheet` when no row can be read at all.
    """
    rows = _rows(content)
    table = HolidayTable()
    lines: dict[date, int] = {}
    for line, values in rows:
        row, errors = _row(values)
        table.errors += [(line, error) for error in errors]
        if row is None:
            continue
        if row.day in table.days:
            table.errors.append((line, f"{day_words(row.day)}在第 {lines[row.day]} 行已经有了。"))
            continue
        table.days[row.day], lines[row.day] = row, line
    if table.days:
        _judge_year(table, lines, today=today)
    return table


def _rows(content):
    """(line, {column: cell}) of the rows below the headings of the first table that has them."""
    tables = _READERS[containers.kind(content, is_at_once=True)](content)
    first = None
    for table in (table for table in tables if not table.is_hidden):
        all_lines = table.lines()
        for line, cells in islice(all_lines, _LOOKED_AT):
            first = first or (line, cells)
            found = {half_width(cell.text): place for place, cell in enumerate(cells)}
            if all(column in found for column in COLUMNS):
                return _below(all_lines, {column: found[column] for column in COLUMNS})
            if {"日期", "类型"} & found.keys():
                missing = "、".join(c for c in COLUMNS if c not in found)
                raise UnreadableSheet(
                    f"第 {line} 行的表头缺少：{missing}。请补上后重新上传。", code="headings"
                )
    if first is None:
        raise xlsx.nothing_read(tables)
    raise _without_headings(*first)


def _without_headings(line, cells):
    shape = "应有一行依次写：日期、类型、名称，下面每天一行。"
    if any(_is_day(cell) for cell in cells):
        return UnreadableSheet(f"没有表头，第 {line} 行就是日期。{shape}", code="headings")
    return UnreadableSheet(f"没有找到表头。{shape}", code="headings")


def _is_day(cell):
    errors: list[str] = []
    return _day({"日期": cell}, half_width(cell.text), errors) is not None


def _below(lines, places):
    rows = []
    for line, cells in lines:
        values = {column: cells[place] for column, place in places.items() if place < len(cells)}
        if any(cell.text or cell.broken for cell in values.values()):
            rows.append((line, values))
        if len(rows) > MOST_ROWS:
            raise UnreadableSheet(
                f"表格超过 {MOST_ROWS} 行。一年的放假安排每天一行，请核对文件。", code="rows"
            )
    if not rows:
        raise UnreadableSheet("表头下面没有内容，请每天写一行。", code="empty")
    return rows


def _row(values: Mapping):
    """(the `TableDay` or None, [what is wrong with the row])."""
    errors: list[str] = []
    texts = {name: half_width(values[name].text) if name in values else "" for name in COLUMNS}
    day = _day(values, texts["日期"], errors)
    kind = _KINDS.get(texts["类型"].upper())
    if kind is None:
        typed = texts["类型"][:10]
        errors.append(
            f"类型“{typed}”认不出来，请写“放假”或“调休上班”。"
            if typed
            else "类型没有填写，请写“放假”或“调休上班”。"
        )
    if len(texts["名称"]) > _NAME_LENGTH:
        errors.append(f"名称超过 {_NAME_LENGTH} 个字，请缩短。")
    elif kind == DayKind.OFF and not texts["名称"]:
        errors.append("放假的日子请写明节日名称，例如“春节”。")
    if day is None or kind is None or errors:
        return None, errors
    if kind == DayKind.WORK and day.weekday() < _SATURDAY:
        return None, [f"{day_words(day)}不是周末，不用调休上班，请核对日期。"]
    return TableDay(day, kind, texts["名称"]), []


def _day(values, text, errors):
    if not text:
        errors.append("日期没有填写，请写成 2027-01-01 的样子。")
        return None
    try:
        return DayField().to_python(text)
    except ValidationError:
        errors.append(f"日期“{text[:20]}”读不懂，请写成 2027-01-01 的样子。")
        return None


def _judge_year(table, lines, *, today):
    """Find the year that the table is about, and what does not fit it."""
    table.year = Counter(day.year for day in table.days).most_common(1)[0][0]
    last_year = today.year + YEARS_AHEAD
    if not today.year <= table.year <= last_year:
        why = f"这是 {table.year} 年的安排，现在只能上传 {today.year} 至 {last_year} 年的。"
        table.errors.append((None, f"{why}请核对年份。"))
        return
    first = date(table.year - 1, 12, 20)
    for day in table.days:
        if not first <= day <= date(table.year, 12, 31):
            table.errors.append(
                (lines[day], f"{day_words(day)}不在 {table.year} 年的安排里，请核对年份。")
            )
    for day, name in holidays.statutory(table.year).items():
        row = table.days.get(day)
        if row is None:
            table.errors.append((None, f"缺少法定节假日{day_words(day)}（{name}），请补上一行。"))
        elif row.kind == DayKind.WORK:
            table.errors.append(
                (lines[day], f"{day_words(day)}是法定节假日（{name}），不能调休上班。")
            )


def sample(year):
    """The table of `year` with its statutory days, to be completed: text for a CSV file."""
    return "\n".join(
        (
            ",".join(COLUMNS),
            *(
                f"{iso(day)},{DayKind.OFF.label},{name}"
                for day, name in sorted(holidays.statutory(year).items())
            ),
        )
    )
