"""Somebody says which column of a file is which of ours. It is remembered for these headings."""

from django.db import transaction

from apps.common.later import later
from apps.events.enums import Channel, Role
from apps.lifecycle import engine
from apps.lifecycle.refusals import NotAllowed
from apps.roster import loading
from apps.roster.enums import RosterAction
from apps.roster.headings import chosen_by_hand
from apps.roster.models import ColumnChoice
from apps.roster.policies import check_rematchable
from apps.roster.refusals import ChoiceRefused

openpyxl = later("openpyxl")

GONE = "这份名册的列刚刚由别人对应了，或者已经放弃，请看最新的状态。"


@transaction.atomic
def match_columns(*, upload, located, columns, by, at):
    """Store `columns`: one of our columns or "" for each heading of the table `located`.

    `upload` is read again with them, and later files with these headings are read with them too.
    Raises `ChoiceRefused`.
    """
    head = chosen_by_hand(located.headings, list(columns), required=loading.REQUIRED)
    if head.missing:
        raise ChoiceRefused(
            f"还没有说哪一列是{'、'.join(head.missing)}。请选择后再继续。", code="missing"
        )
    repeated = sorted({column for column in columns if column and columns.count(column) > 1})
    if repeated:
        raise ChoiceRefused(
            f"有两列都选了{'、'.join(repeated)}。每一项只能对应一列。", code="repeated"
        )
    chosen = {
        openpyxl.utils.get_column_letter(place): column
        for place, column in enumerate(columns, start=1)
        if column
    }
    choice = {"number": located.number, "line": head.line, "columns": list(columns)}
    _move(
        upload,
        RosterAction.MATCH,
        by=by,
        at=at,
        facts={"columns": chosen, "heading_line": head.line},
        choice=choice,
    )
    remembered = dict(zip(head.names, columns, strict=True))
    ColumnChoice.objects.update_or_create(
        key=head.key, defaults={"columns": remembered, "by": by, "at": at}
    )


@transaction.atomic
def match_again(*, upload, by, at):
    """Drop the preview of `upload`, to match its columns once more.

    Raises `RosterRefused` or `ChoiceRefused`.
    """
    check_rematchable(upload)
    _move(upload, RosterAction.REMATCH, by=by, at=at, remarks=[], counts={})
    upload.rows.all().delete()


def _move(upload, action, *, by, at, **more):
    try:
        engine.move(upload, action, by=by, role=Role.STAFF, at=at, channel=Channel.ADMIN, **more)
    except NotAllowed as refusal:
        raise ChoiceRefused(GONE, code="not_open", row=upload) from refusal
