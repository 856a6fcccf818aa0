"""Reads an uploaded file by its headings, or by the columns that somebody chose."""

import base64
from dataclasses import replace

from apps.roster import loading
from apps.roster.headings import chosen_by_hand
from apps.roster.locating import locate, located_at
from apps.roster.models import ColumnChoice
from apps.roster.rows import ONLINE_COLUMNS


def find_headings(*, content):
    """The `file.Located` table in `content`, found by its headings."""
    return locate(
        content,
        columns=ONLINE_COLUMNS,
        required=loading.REQUIRED,
        remembered=ColumnChoice.objects.remembered,
    )


def located_in(*, upload, line):
    """The `file.Located` table of `upload`, with the columns that were chosen for it, if any.

    `line` is the row of headings; with None it is searched for. Raises `UnreadableSheet`.
    """
    content = base64.b64decode(upload.content)
    choice = upload.choice
    if line is None and not choice:
        return find_headings(content=content)
    located = located_at(
        content,
        number=choice["number"] if choice else find_headings(content=content).number,
        line=line or choice["line"],
        columns=ONLINE_COLUMNS,
        required=loading.REQUIRED,
    )
    if not choice or choice["line"] != located.headings.line:
        return located
    head = chosen_by_hand(located.headings, choice["columns"], required=loading.REQUIRED)
    return replace(located, headings=head)


def remarks_on(*, sheet, head):
    """What the preview says about the file as a whole."""
    remarks = list(sheet.remarks)
    if sheet.unknown_columns:
        remarks.append(f"没有用到的列：{'、'.join(sheet.unknown_columns)}。")
    if head.readings:
        readings = "，".join(f"“{text}”读作{column}" for text, column in head.readings)
        how = "（表头相同的文件以前对应过）" if head.is_remembered else ""
        remarks.append(f"列的对应：{readings}{how}。")
    return remarks
