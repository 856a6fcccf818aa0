"""What the hidden field below a declared loss says: the declaration that the page showed.

It may have been taken back since, and declared again with other answers.
"""

from apps.common.templatetags.formats import day, moment
from apps.unsent.shown import ShownRow, part


def _parts(loss):
    return [
        part("登记时间", moment(loss.declared_at), loss.reference),
        part("原因", loss.get_reason_display()),
        part("丢失日期", day(loss.lost_date)),
        part("地点或情况", loss.place),
        part("挂失回执号", loss.receipt_number),
    ]


DECLARATION = ShownRow(about=lambda loss: f"formal_loss:{loss.card_id}", parts=_parts)
