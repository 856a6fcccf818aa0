"""Automatic refunds: one entry for each move of a request that gives the money back.

The refund begins in the transaction of that move (lifecycle.py), in the name of its actor. Where
the move can be recalled, a worker begins it once that is over (sweeps.py): money that was sent back
does not return. Money that arrives too late to be used is refunded as well; settlement.py decides
that.
"""

from dataclasses import dataclass

from django.conf import settings

from apps.cards.enums import RequestAction
from apps.cards.lifecycle import RECALLABLE
from apps.common.moments import day_of
from apps.common.working_days import add_working_days


@dataclass(frozen=True)
class Refund:
    """`reason` goes to the gateway and the payer, so no words of a reviewer; `words` is the
    sentence by which pages promise it.
    """

    reason: str
    words: str


REFUNDS: dict[str, Refund] = {
    RequestAction.REJECT: Refund(reason="审核不通过", words="已付的邮寄费将原路退回。"),
}

# The reason where no rule gives one: the request ended without a card.
ENDED = "申请已结束，退还已付款项"


def words(action):
    """What pages say about the refund after the move `action` of a request; "" without a refund."""
    rule = REFUNDS.get(action)
    return rule.words if rule else ""


def reason_of(card_request):
    """Why what was paid for `card_request`, which ended without a card, goes back."""
    rule = REFUNDS.get(RECALLABLE.get(card_request.status, ""))
    return rule.reason if rule else ENDED


def begun(reason, *, at):
    """The columns and the reason of a payment whose refund begins at the moment `at`."""
    reason = reason[:200]
    return {
        "reason": reason,
        "refund_reason": reason,
        "refund_began_at": at,
        "next_check_at": at,
        "check_count": 0,
        "last_error": "",
    }


def arrival_date(began_at):
    """The day on which a refund that began at the moment `began_at` arrives at the latest."""
    return add_working_days(day_of(began_at), settings.REFUND_WORKING_DAYS)
