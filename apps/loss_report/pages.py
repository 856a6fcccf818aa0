"""What the hidden field of 解除挂失 says: the suspension that the page showed.

Another window may have lifted it since, and reported the card again: that is another suspension.
"""

from apps.common.templatetags.formats import moment
from apps.unsent.shown import ShownRow, part


def _parts(card):
    until = card.suspended_until
    return [
        part("挂失时间", moment(card.status_since), card.status_since.isoformat()),
        part("自动恢复", moment(until), until.isoformat()),
    ]


SUSPENSION = ShownRow(about=lambda card: f"lift:{card.pk}", parts=_parts)
