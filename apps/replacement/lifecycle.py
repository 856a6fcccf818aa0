"""The life of a formal loss: declared, then decided by a reviewer."""

from apps.cards.lifecycle import APPLICANT
from apps.events.enums import Role
from apps.lifecycle.tables import Lifecycle, move
from apps.replacement.enums import FormalLossAction, FormalLossStatus

WAITING = {FormalLossStatus.WAITING}

FORMAL_LOSS = Lifecycle(
    name="formal_loss",
    label="FormalLoss (正式挂失)",
    noun="这件正式挂失",
    statuses=FormalLossStatus,
    actions=FormalLossAction,
    holder="card__holder",
    filled_in_by="declared_by",
    moves={
        FormalLossAction.DECLARE: move((), FormalLossStatus.WAITING, *APPLICANT),
        FormalLossAction.CONFIRM: move(WAITING, FormalLossStatus.CONFIRMED, Role.REVIEWER),
        FormalLossAction.REFUSE: move(WAITING, FormalLossStatus.REFUSED, Role.REVIEWER),
        FormalLossAction.TAKE_BACK: move(WAITING, FormalLossStatus.WITHDRAWN, *APPLICANT),
        FormalLossAction.WITHDRAW: move(
            {FormalLossStatus.CONFIRMED}, FormalLossStatus.WITHDRAWN, Role.REVIEWER
        ),
    },
)
