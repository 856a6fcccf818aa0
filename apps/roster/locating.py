"""Finds the table of a roster in the file: the sheet, and in it the row of headings."""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice

from django.conf import settings

from apps.common.rules import rule_text
from apps.roster import headings
from apps.roster.headings import Headings
from apps.sheets import containers, delimited, xls, xlsx
from apps.sheets.cells import Table, UnreadableSheet

_READERS = {
    containers.XLSX: xlsx.tables,
    containers.XLS: xls.tables,
    containers.TEXT: delimited.tables,
}


@dataclass(frozen=True)
class Located:
    """A table whose row of headings was found. `number` is its place in the file.

    `others` are the names of the sheets beside it that are not empty, of hidden ones only those
    that look like a roster.
    """

    number: int
    table: Table
    headings: Headings
    others: list[str] = field(default_factory=list)


def nothing_remembered(keys):
    return {}


def locate(content, *, columns, required, remembered):
    """The `Located` table in `content` whose headings are the most like ours.

    `remembered` as in `headings.find`. Raises `UnreadableSheet`.
    """
    check_size(len(content))
    tables, found, refusals = _tables(content), [], []
    for number, table in enumerate(_visible(tables)):
        try:
            head = headings.find(
                first_lines(table), columns=columns, required=required, remembered=remembered
            )
            found.append(Located(number, table, head))
        except UnreadableSheet as refusal:
            refusals.append(_with_reason(refusal, table))
    hidden = _hidden_rosters(tables, columns=columns, required=required)
    complete = [each for each in found if not each.headings.missing]
    if hidden and not complete:
        raise UnreadableSheet(
            f"像名册的工作表是隐藏的：{'、'.join(hidden)}。请取消隐藏，保存后重新上传。",
            code="hidden_sheet",
        )
    if not found:
        raise _most_telling(refusals)
    if len(complete) > 1:
        names = "、".join(each.table.name for each in complete)
        raise UnreadableSheet(
            f"有几张工作表都像名册：{names}。请只保留要上传的一张。", code="several_sheets"
        )
    best = complete[0] if complete else min(found, key=lambda each: len(each.headings.missing))
    return replace(best, others=_others(tables, best.number, hidden))


def _visible(tables):
    return [table for table in tables if not table.is_hidden]


def _hidden_rosters(tables, *, columns, required):
    """The names of the hidden sheets that look like a roster; others hold lists to choose from."""
    names = []
    for table in tables:
        if not table.is_hidden:
            continue
        with suppress(UnreadableSheet):
            head = headings.find(
                first_lines(table),
                columns=columns,
                required=required,
                remembered=nothing_remembered,
            )
            names += [] if head.missing else [table.name]
    return names


def _with_reason(refusal, table):
    """`refusal` of `table`, or the reason why nothing was found in it."""
    if refusal.code == "empty" and table.too_wide:
        return xlsx.too_wide()
    return refusal


def _most_telling(refusals):
    """The refusal to show if no sheet can be read. That of an empty sheet comes last."""
    if not refusals:
        return UnreadableSheet("工作簿里没有可见的工作表。", code="empty")
    return next((each for each in refusals if each.code != "empty"), refusals[0])


def located_at(content, *, number, line, columns, required):
    """The table `number` of `content` with the row `line` taken for its headings.

    Raises `UnreadableSheet` where that row can't be the headings.
    """
    tables = _tables(content)
    lines = first_lines(tables[number])
    for above, (each, cells) in enumerate(lines):
        if each == line and headings.can_be_headings(headings.texts_of(cells)):
            head = headings.judge(lines, above, columns=columns, required=required)
            hidden = _hidden_rosters(tables, columns=columns, required=required)
            return Located(number, tables[number], head, _others(tables, number, hidden))
    raise UnreadableSheet("这一行不像表头。请选择写着“姓名”等列名的那一行。", code="headings")


def _others(tables, number, hidden):
    others = (table for place, table in enumerate(_visible(tables)) if place != number)
    names = [table.name for table in others if next(table.lines(), None)]
    return names + [f"{name}（隐藏的）" for name in hidden]


def first_lines(table):
    return list(islice(table.lines(), headings.LOOKED_AT))


def _tables(content):
    return _READERS[containers.kind(content)](content)


def check_size(size):
    """Raise `UnreadableSheet` for a file of more than settings.ROSTER_MAX_BYTES bytes."""
    if size > settings.ROSTER_MAX_BYTES:
        raise UnreadableSheet(
            f"文件超过 {rule_text('ROSTER_MAX_BYTES')}。请分成几份上传。", code="size"
        )
