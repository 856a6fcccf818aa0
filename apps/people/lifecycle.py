"""The lives of a guardianship and of an uploaded roster.

A guardianship is claimed, decided by HR, and over on the child's 16th birthday. A roster is read in
the background, applied when somebody says yes to its preview, or discarded.
"""

from apps.events.enums import Role
from apps.lifecycle.tables import Clock, Lifecycle, move
from apps.people.enums import GuardianshipAction, GuardianshipStatus, RosterAction, RosterStatus

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
        GuardianshipAction.CLAIM: move((), GuardianshipStatus.WAITING, Role.GUARDIAN),
        GuardianshipAction.CONFIRM: move(WAITING, GuardianshipStatus.CONFIRMED, Role.REVIEWER),
        GuardianshipAction.REFUSE: move(WAITING, GuardianshipStatus.REFUSED, Role.REVIEWER),
        GuardianshipAction.END: move(CONFIRMED, GuardianshipStatus.ENDED, Role.WORKER),
    },
)

ROSTER = Lifecycle(
    name="roster",
    label="RosterUpload (人事名册)",
    noun="这份名册",
    statuses=RosterStatus,
    actions=RosterAction,
    moves={
        RosterAction.UPLOAD: move((), RosterStatus.UPLOADED, Role.STAFF),
        RosterAction.READ: move({RosterStatus.UPLOADED}, RosterStatus.READ, Role.WORKER),
        RosterAction.FAIL: move({RosterStatus.UPLOADED}, RosterStatus.UNREADABLE, Role.WORKER),
        RosterAction.APPLY: move({RosterStatus.READ}, RosterStatus.APPLYING, Role.STAFF),
        RosterAction.FINISH: move({RosterStatus.APPLYING}, RosterStatus.APPLIED, Role.WORKER),
        RosterAction.DISCARD: move(
            {RosterStatus.UPLOADED, RosterStatus.READ, RosterStatus.UNREADABLE},
            RosterStatus.DISCARDED,
            Role.STAFF,
            Role.WORKER,
        ),
    },
)
