"""The life of a correction: asked for, then answered by HR."""

from apps.cards.lifecycle import APPLICANT
from apps.events.enums import Role
from apps.lifecycle.tables import Lifecycle, move
from apps.my_data.enums import CorrectionAction, CorrectionStatus

_OPEN = {CorrectionStatus.OPEN}

CORRECTION = Lifecycle(
    name="correction",
    label="Correction (更正请求)",
    noun="这条更正请求",
    statuses=CorrectionStatus,
    actions=CorrectionAction,
    holder="holder",
    filled_in_by="asked_by",
    moves={
        CorrectionAction.ASK: move((), CorrectionStatus.OPEN, *APPLICANT),
        CorrectionAction.CORRECT: move(_OPEN, CorrectionStatus.CORRECTED, Role.STAFF),
        CorrectionAction.DECLINE: move(_OPEN, CorrectionStatus.DECLINED, Role.STAFF),
    },
)
