"""The life of a guardianship: registered, decided by HR, and over on the child's 16th birthday."""

from apps.events.enums import Role
from apps.lifecycle.tables import Clock, Lifecycle, move
from apps.people.enums import GuardianshipAction, GuardianshipStatus

WAITING = {GuardianshipStatus.WAITING}
CONFIRMED = {GuardianshipStatus.CONFIRMED}

GUARDIANSHIP = Lifecycle(
    name="guardianship",
    label="Guardianship (监护关系)",
    noun="这条登记",
    statuses=GuardianshipStatus,
    actions=GuardianshipAction,
    holder="ward",
    clocks=(Clock(frozenset(CONFIRMED), "ends_at", GuardianshipAction.END),),
    moves={
        GuardianshipAction.REGISTER: move((), GuardianshipStatus.WAITING, Role.GUARDIAN),
        GuardianshipAction.CONFIRM: move(WAITING, GuardianshipStatus.CONFIRMED, Role.REVIEWER),
        GuardianshipAction.REFUSE: move(WAITING, GuardianshipStatus.REFUSED, Role.REVIEWER),
        GuardianshipAction.END: move(CONFIRMED, GuardianshipStatus.ENDED, Role.WORKER),
        # It ended by a birth date that was wrong: the child is younger.
        GuardianshipAction.RESUME: move(
            {GuardianshipStatus.ENDED}, GuardianshipStatus.CONFIRMED, Role.STAFF
        ),
        # Two records of one person had registered the same child; the other registration stays.
        GuardianshipAction.MERGE: move(WAITING | CONFIRMED, GuardianshipStatus.REFUSED, Role.STAFF),
    },
)
