"""The life of an identity check: passed once, used once, and over after half an hour."""

from apps.events.enums import Role
from apps.lifecycle.tables import Clock, Lifecycle, move
from apps.verification.enums import CheckAction, CheckStatus

APPLICANT = (Role.HOLDER, Role.GUARDIAN)

CHECK = Lifecycle(
    name="check",
    label="Check (身份核验)",
    noun="这次核验",
    statuses=CheckStatus,
    actions=CheckAction,
    holder="holder",
    clocks=(
        Clock(
            frozenset({CheckStatus.PENDING, CheckStatus.PASSED}), "expires_at", CheckAction.EXPIRE
        ),
    ),
    moves={
        CheckAction.BEGIN: move((), CheckStatus.PENDING, *APPLICANT),
        CheckAction.REFUSE: move({CheckStatus.PENDING}, CheckStatus.PENDING, *APPLICANT),
        CheckAction.PASS: move({CheckStatus.PENDING}, CheckStatus.PASSED, *APPLICANT),
        CheckAction.USE: move({CheckStatus.PASSED}, CheckStatus.USED, *APPLICANT),
        CheckAction.EXPIRE: move(
            {CheckStatus.PENDING, CheckStatus.PASSED}, CheckStatus.EXPIRED, Role.WORKER
        ),
    },
)
