"""The life of a temporary loss. It ends with the move that takes its card out of 临时挂失."""

from apps.cards.enums import CardAction
from apps.cards.lifecycle import APPLICANT, CARD
from apps.lifecycle.tables import Clock, Follows, Lifecycle, move
from apps.loss_report.enums import LossReportAction, LossReportStatus

OPEN = {LossReportStatus.OPEN}


def _who(action):
    """The roles that may do `action` to the card, and so end its loss."""
    return CARD.moves[action].by


LOSS_REPORT = Lifecycle(
    name="loss_report",
    label="LossReport (临时挂失)",
    noun="这次临时挂失",
    statuses=LossReportStatus,
    actions=LossReportAction,
    holder="card__holder",
    clocks=(Clock(frozenset(OPEN), "ends_at", LossReportAction.EXPIRE),),
    follows=Follows(
        CARD,
        path="card",
        moves={
            CardAction.LIFT: LossReportAction.LIFT,
            CardAction.EXPIRE: LossReportAction.EXPIRE,
            CardAction.CONFIRM_LOSS: LossReportAction.CONVERT,
            CardAction.RETIRE: LossReportAction.RETIRE,
        },
    ),
    moves={
        LossReportAction.REPORT: move((), LossReportStatus.OPEN, *APPLICANT),
        LossReportAction.LIFT: move(OPEN, LossReportStatus.LIFTED, *_who(CardAction.LIFT)),
        LossReportAction.EXPIRE: move(OPEN, LossReportStatus.EXPIRED, *_who(CardAction.EXPIRE)),
        LossReportAction.CONVERT: move(
            OPEN, LossReportStatus.CONVERTED, *_who(CardAction.CONFIRM_LOSS)
        ),
        LossReportAction.RETIRE: move(OPEN, LossReportStatus.RETIRED, *_who(CardAction.RETIRE)),
    },
)
