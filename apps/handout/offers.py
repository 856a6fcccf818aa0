"""What people may do about a card that lies at the unit."""

from apps.common.addresses import row_url
from apps.handout.enums import BoxCardStatus
from apps.lifecycle.offers import Offer

SHOW_CODE = "SHOW_CODE"


def to_show_code(row, *, at):
    """The `Offer` to show the code at the table; None while the card cannot be had."""
    if row is None or not row.can_be_had:
        return None
    if row.status_at(at) == BoxCardStatus.IN_BOX and row.day is None:
        words = "出示领卡码"
    else:
        words = "去领卡：出示领卡码"
    return Offer(SHOW_CODE, words, row_url("handout:code", row.reference), is_main=True)
