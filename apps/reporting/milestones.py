"""Which move reaches which milestone, and by which it is lost again. Read from the table of moves.

A milestone that was lost again counts nowhere: an approval that was recalled, or whose card the
bureau could not make. So no request counts as approved and as waiting at once.
"""

from apps.cards.enums import (
    REQUEST_IN_FLIGHT,
    REQUEST_NOT_SUBMITTED,
    RequestAction,
    RequestStatus,
)
from apps.cards.lifecycle import REQUEST
from apps.reporting.enums import Milestone

REACHED_BY = {
    RequestAction.SUBMIT: Milestone.SUBMITTED,
    RequestAction.PAY: Milestone.PAID,
    RequestAction.WAIVE: Milestone.PAID,
    RequestAction.APPROVE: Milestone.APPROVED,
    RequestAction.PRODUCE: Milestone.MADE,
    RequestAction.DISPATCH: Milestone.SENT,
    RequestAction.COLLECT: Milestone.RECEIVED,
}
WEEKLY = tuple(dict.fromkeys(REACHED_BY.values()))
# The last milestone that a request in this status has behind it.
STANDS_AT = {
    RequestStatus.SUBMITTED: Milestone.SUBMITTED,
    RequestStatus.WITHDRAWN: Milestone.SUBMITTED,
    RequestStatus.LAPSED: Milestone.SUBMITTED,
    RequestStatus.PAID: Milestone.PAID,
    RequestStatus.ACCEPTED: Milestone.PAID,
    RequestStatus.NEEDS_AMENDMENT: Milestone.PAID,
    RequestStatus.REJECTED: Milestone.PAID,
    RequestStatus.APPROVED: Milestone.APPROVED,
    RequestStatus.PRODUCED: Milestone.MADE,
    RequestStatus.DISPATCHED: Milestone.SENT,
    RequestStatus.COLLECTED: Milestone.RECEIVED,
}
ORDER = {milestone: place for place, milestone in enumerate(Milestone)}
# Requests that somebody has to go on with.
IN_HAND = [status for status in REQUEST_IN_FLIGHT if status != RequestStatus.DRAFT]


def before(milestone):
    """The statuses of submitted requests that do not have `milestone` behind them."""
    return [status for status, last in STANDS_AT.items() if ORDER[last] < ORDER[milestone]]


def _can_be_lost(milestone):
    """Whether a move of the table leads from a request with `milestone` to one without it."""
    without = {*REQUEST_NOT_SUBMITTED, *before(milestone)}
    return any(
        move.target in without and not move.sources <= without for move in REQUEST.moves.values()
    )


# Action → the statuses that undo what it reached, where a move can lead back to them.
LOST_IN = {
    action: frozenset(before(milestone))
    for action, milestone in REACHED_BY.items()
    if _can_be_lost(milestone)
}
