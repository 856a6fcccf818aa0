"""Reads a staff roster in the formats and encodings that spreadsheet programs write."""

import re
from dataclasses import dataclass, field

from django.conf import settings

from apps.common.rules import rule_text
from apps.roster import headings
from apps.roster.locating import locate, nothing_remembered
from apps.sheets import cells as sheet_cells
from apps.sheets.cells import Cell, UnreadableSheet

# Only in these columns may one cell be merged over several people.
SHARED = (
    "证件类型",
    "性别",
    "民族",
    "国籍",
    "部门",
    "职业类别",
    "常住地址",
    "已有社保卡",
    "在职状态",
)
_DATES = ("出生日期",)
WHOLE_ROW = "整行"
# How the rows below a list begin, and what a row about somebody has.
_BESIDE_PEOPLE = re.compile(
    r"(合计|总计|小计|共计|制表|填表|填报|审核|复核|负责人|经办|备注|说明|注)(人|单位|日期|签字)*"
    r"([:：（(\s0-9]|$)"
)
# What people write into a cell that has nothing. 无 is an answer to 已有社保卡.
_NOTHING = re.compile(r"[-‐-―－_/／\\*.。、·]+|无|暂无|n/?a|null|none|nan|nat", re.IGNORECASE)
_ASKED = ("工号", "姓名", "社会保障号码", "已有社保卡", "在职状态")
_LONG_NUMBER = re.compile(r"[0-9]{11}")


@dataclass
class Sheet:
    """What was read: for each row its line and the cells with a value, by column.

    By line: `broken` says why a cell could not be read, `notes` what was filled in or changed,
    both by column; `originals` are the texts of the row in the file.
    """

    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    broken: dict[int, dict[str, list[str]]] = field(default_factory=dict)
    notes: dict[int, list[list[str]]] = field(default_factory=dict)
    originals: dict[int, list[str]] = field(default_factory=dict)
    unknown_columns: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def read(content, *, columns, required):
    """The `Sheet` in `content`, the bytes of a CSV, .xlsx or .xls file.

    `columns` are the known headings, `required` those that must be there. Other headings are
    accepted if they can mean only one column. Raises `UnreadableSheet`.
    """
    located = locate(content, columns=columns, required=required, remembered=nothing_remembered)
    if located.headings.missing:
        raise headings.missing_columns(located.headings.missing)
    return take(located)


def take(located):
    """The `Sheet` of all rows below the headings of `located`. Raises `UnreadableSheet`."""
    head = located.headings
    sheet = Sheet(unknown_columns=head.unknown)
    if above := head.above - head.has_upper:
        where = "和它上面一行，再上面" if head.has_upper else "，它上面"
        sheet.remarks.append(f"表头在第 {head.line} 行{where}的 {above} 行没有读。")
    if located.others:
        sheet.remarks.append(f"没有读的工作表：{'、'.join(located.others)}。")
    unread: dict[str, list[int]] = {}
    for line, cells in located.table.lines():
        if line <= head.line:
            continue
        if _repeats(head, cells):
            unread.setdefault("是重复的表头，没有当作人员", []).append(line)
            continue
        row = _Row(located, line, cells)
        if row.is_in_nameless_columns:
            unread.setdefault("有内容在没有表头的列里，那几格没有读", []).append(line)
        if row.is_empty:
            unread.setdefault("只有没有用到的列里有内容，没有当作人员", []).append(line)
            continue
        if row.is_beside_people:
            unread.setdefault("是合计、制表人一类的说明，没有当作人员", []).append(line)
            continue
        row.add_to(sheet)
        if row.has_nothing:
            unread.setdefault("有格子写着“无”“—”一类，当作没有填", []).append(line)
        if len(sheet.rows) > settings.ROSTER_MAX_ROWS:
            raise UnreadableSheet(
                f"名册超过 {rule_text('ROSTER_MAX_ROWS', gap=' ')}。请分成几份上传。", code="rows"
            )
    if located.table.too_wide:
        unread["有内容在很靠右的列里，没有读"] = located.table.too_wide
    read = {line for line, _ in sheet.rows}
    if hidden := [line for line in located.table.hidden if line in read]:
        unread["在表格里是隐藏的（例如被筛选掉），也读了，请核对"] = hidden
    if columns := _hidden_columns(located):
        sheet.remarks.append(f"在表格里隐藏的列也读了，请核对：{'、'.join(columns)}。")
    sheet.remarks += [f"{lines_text(lines)}{what}。" for what, lines in unread.items()]
    return sheet


def check_somebody(located, sheet):
    """Raise `UnreadableSheet` where nobody is below headings that no person has matched."""
    head = located.headings
    if head.is_sure and not head.is_remembered and not sheet.rows:
        raise UnreadableSheet(
            f"表头（第 {head.line} 行）下面一个人也没有，请核对是不是选错了文件。"
            + "".join(sheet.remarks),
            code="nobody",
        )


def _hidden_columns(located):
    """The headings of the columns that the sheet hides and that are read."""
    head = located.headings
    pairs = enumerate(zip(head.texts, head.columns, strict=True), start=1)
    hidden = set(located.table.hidden_columns)
    return [text for place, (text, column) in pairs if column and place in hidden]


def _repeats(head, cells):
    """Whether a row is the headings again, as programs print them on every page."""
    pairs = zip(cells, head.texts, head.columns, strict=False)
    return all(cell.text == text for cell, text, column in pairs if column)


class _Row:
    """One row of the table `located`, taken apart by its columns."""

    def __init__(self, located, line, cells):
        head = located.headings
        self.line, self.cells = line, cells
        width = len(head.texts)
        self.columns = [*head.columns, *[""] * (len(cells) - width)][: len(cells)]
        names = [*head.texts, *[""] * (len(cells) - width)]
        self.values: dict[str, str] = {}
        self.broken: dict[str, list[str]] = {}
        self.notes: list[list[str]] = []
        self.has_nothing = False
        for cell, column in zip(cells, self.columns, strict=True):
            if column:
                self._take(sheet_cells.as_day(cell) if column in _DATES else cell, column)
        surplus = sum(bool(cell.text) for cell in cells[width:])
        if located.table.is_delimited and surplus:
            self.broken[WHOLE_ROW] = [
                f"这一行比表头多出 {surplus} 格，内容可能错了位。"
                "格子里有分隔符号的，请用英文双引号把整格括起来。"
            ]
        nameless = [cell for cell, name in zip(cells, names, strict=False) if not name]
        self.is_in_nameless_columns = WHOLE_ROW not in self.broken and any(
            cell.has_own_text for cell in nameless
        )

    @property
    def is_empty(self):
        known = (cell for cell, column in zip(self.cells, self.columns, strict=True) if column)
        return WHOLE_ROW not in self.broken and not any(cell.has_own_text for cell in known)

    @property
    def is_beside_people(self):
        """Whether it begins as a total or a signature does, and has no number of a person."""
        texts = [cell.text for cell in self.cells if cell.text]
        return bool(
            texts and _BESIDE_PEOPLE.match(texts[0]) and not any(map(_LONG_NUMBER.search, texts))
        )

    def _take(self, cell, column):
        if reason := cell.broken or _misplaced(cell, column):
            self.broken[column] = [reason]
        elif column not in _ASKED and _NOTHING.fullmatch(cell.text):
            self.has_nothing = True
        elif cell.text:
            self.values[column] = cell.text
            if note := _note(cell, column):
                self.notes.append([column, note])

    def add_to(self, sheet):
        sheet.rows.append((self.line, self.values))
        sheet.originals[self.line] = [
            "" if cell.merged_from and column in self.broken else cell.text
            for cell, column in zip(self.cells, self.columns, strict=True)
        ]
        if self.broken:
            sheet.broken[self.line] = self.broken
        if self.notes:
            sheet.notes[self.line] = self.notes


def _misplaced(cell, column):
    """Why the value, although it can be read, cannot belong to `column`."""
    if cell.merged_from and column not in SHARED:
        return f"这一格和第 {cell.merged_from} 行合并了。{column}要一人一格，请取消合并后填写。"
    if cell.is_truth and column not in _ASKED[3:]:
        return f"这一格是逻辑值（TRUE 或 FALSE），不是{column}。请改成正确的内容后重新上传。"
    if cell.is_date and column not in _DATES:
        return f"这一格被电子表格当成了日期。请设为“文本”格式，重新填写{column}。"
    return ""


def _note(cell: Cell, column):
    if cell.merged_from:
        value = "" if column == "常住地址" else f"“{cell.text}”"
        return f"这一格和第 {cell.merged_from} 行合并了，已照那一行填入{value}"
    return cell.note


def lines_text(lines):
    """“第 3、4 行” with at most ten numbers."""
    lines = list(dict.fromkeys(lines))
    return f"第 {'、'.join(map(str, lines[:10]))} 行{'等' if len(lines) > 10 else ''}"
